"""Runs exported programs in Python's onnxruntime and holds them against what exports.ts wrote:
python bench/peers/exports.py EXPORT …        exits with 1 above 1e-4 of an output's largest number

Also checks each file with onnx.checker, and runs the Python of the export's README: one image, one text, three steps.
"""

import os
import re
import sys
from pathlib import Path

import numpy as np
import onnx

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before it is loaded, or it reports to its maker what it runs
import onnxruntime as ort
from safetensors.numpy import load_file

BOUND = 1e-4


def worst(session, expected):
    """The largest relative difference of any output, and its name."""
    feeds = {name[3:]: x for name, x in expected.items() if name.startswith("in/")}
    names = [o.name for o in session.get_outputs()]
    results = dict(zip(names, session.run(names, feeds)))
    errors = {name: relative(y, expected[name]) for name, y in results.items()}
    name = max(errors, key=errors.get)
    return errors[name], name


def relative(y, expected):
    assert y.shape == expected.shape, (y.shape, expected.shape)
    if not np.isfinite(y).all():
        return float("inf")
    return float(np.abs(y - expected).max() / max(np.abs(expected).max(), 1e-6))


def check(folder):
    largest = 0.0
    for path in sorted((folder / "expected").glob("*.safetensors")):
        model = folder / f"{path.stem}.onnx"
        onnx.checker.check_model(str(model))
        session = ort.InferenceSession(str(model), providers=["CPUExecutionProvider"])
        error, name = worst(session, load_file(path))
        print(f"  {path.stem:16} {error:.1e}  {name}")
        largest = max(largest, error)
    return largest


def run_readme(folder):
    """The two blocks of Python, on a picture and a batch that are made up."""
    blocks = re.findall(r"```python\n(.*?)```", (folder / "README.md").read_text(), re.S)
    before = Path.cwd()
    os.chdir(folder)
    try:
        scope = {}
        exec(blocks[0].replace('"photo.jpg"', repr(str(picture(folder)))), scope)
        exec(blocks[1], scope)
        inputs = load_file("expected/train-gradients.safetensors")
        state = scope["start"]()
        batch = {name[3:]: x for name, x in inputs.items() if name.startswith("in/") and name[3:] not in state}
        losses = []
        for n in (1, 2, 3):
            state, total = scope["step"](state, batch, n)
            losses.append(float(total))
        print("  three steps of README:", *(f"{loss:.4f}" for loss in losses))
    finally:
        os.chdir(before)


def picture(folder):
    from PIL import Image

    path = folder.absolute() / "expected" / "photo.png"
    rows, columns = np.mgrid[0:120, 0:160]
    Image.fromarray(np.stack([rows, columns, rows + columns], -1).astype(np.uint8)).save(path)
    return path


def main(folders):
    print(f"onnxruntime {ort.__version__}, onnx {onnx.__version__}")
    largest = 0.0
    for folder in map(Path, folders):
        print(folder)
        largest = max(largest, check(folder))
        run_readme(folder)
    print(f"largest {largest:.1e}, bound {BOUND:.0e}")
    return 0 if folders and largest <= BOUND else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
