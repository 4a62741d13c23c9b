"""Writes pictures as files, and what Pillow decodes and torchvision resizes them to.

    python pictures.py small FOLDER         # the fixtures of the test suite: one drawn picture
    python pictures.py PHOTOS FOLDER        # every file of the folder PHOTOS, the first six in several forms

For every picture FILE of FOLDER: FILE.decoded.png, what Pillow decodes, and FILE.SIZE.png, what the evaluation transform of
BLIP and UniAdapter, Resize((SIZE, SIZE), bicubic), makes of that. The names say the form: plain, progressive, each EXIF
orientation, gray, cmyk, chroma (4:4:4, 4:2:2, 4:2:0), alpha, palette.
"""

import sys
from pathlib import Path

import PIL
from PIL import Image, ImageDraw, ImageOps
from torchvision.transforms import InterpolationMode, Resize

ORIENTATION = 0x0112


def forms(name, photo):
    """File name → how it is saved."""
    exif = Image.Exif()
    yield f"{name}.progressive.jpg", lambda path: photo.save(path, quality=90, progressive=True)
    for chroma in ("4:4:4", "4:2:2", "4:2:0"):
        yield f"{name}.chroma{chroma.replace(':', '')}.jpg", lambda path: photo.save(path, quality=80, subsampling=chroma)
    for turned in range(2, 9):
        exif[ORIENTATION] = turned
        yield f"{name}.exif{turned}.jpg", lambda path: photo.save(path, quality=90, exif=exif)
    yield f"{name}.gray.jpg", lambda path: photo.convert("L").save(path, quality=90)
    yield f"{name}.cmyk.jpg", lambda path: photo.convert("CMYK").save(path, quality=90)
    yield f"{name}.palette.png", lambda path: photo.convert("P").save(path)
    yield f"{name}.gray.png", lambda path: photo.convert("L").save(path)
    yield f"{name}.alpha.png", lambda path: with_alpha(photo).save(path)


def with_alpha(photo):
    """Opaque in the middle, ever clearer to the right."""
    clear = Image.linear_gradient("L").rotate(90).resize(photo.size)
    picture = photo.copy()
    picture.putalpha(clear)
    return picture


def expected(path, sizes):
    """As the release's datasets do: convert("RGB") and the transform; but upright, and transparent parts on white."""
    picture = ImageOps.exif_transpose(Image.open(path))
    if picture.mode == "RGBA":
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    picture = picture.convert("RGB")
    picture.save(f"{path}.decoded.png")
    for size in sizes:
        Resize((size, size), interpolation=InterpolationMode.BICUBIC)(picture).save(f"{path}.{size}.png")


def drawn():
    """Soft and hard edges and noise, in colours."""
    channels = [Image.radial_gradient("L"), Image.linear_gradient("L"), Image.linear_gradient("L").rotate(90)]
    picture = Image.merge("RGB", [channel.resize((61, 43)) for channel in channels])
    ImageDraw.Draw(picture).ellipse((8, 6, 30, 34), fill="#d01040", outline="white")
    state = 1
    for x in range(40, 61):
        for y in range(20, 43):
            state = (state * 1664525 + 1013904223) % 2**32
            picture.putpixel((x, y), (state >> 24, state >> 16 & 255, state >> 8 & 255))
    return picture


FIXTURES = ("progressive.jpg", "chroma444.jpg", "chroma420.jpg", "exif5.jpg", "exif6.jpg", "gray.jpg", "palette.png", "gray.png", "alpha.png")


def small(out):
    for name, save in forms("drawn", drawn()):
        if name.endswith(FIXTURES):
            save(out / name)
            expected(out / name, (24, 96))


def of_photos(photos, out):
    sizes = (224, 384, 480)
    for i, source in enumerate(sorted(Path(photos).iterdir())):
        plain = out / f"{source.stem}.plain{source.suffix}"
        plain.write_bytes(source.read_bytes())
        expected(plain, sizes)
        if i < 6:
            for name, save in forms(source.stem, Image.open(source).convert("RGB")):
                save(out / name)
                expected(out / name, sizes)


def main(source, folder):
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    small(out) if source == "small" else of_photos(source, out)
    print("Pillow", PIL.__version__)


main(*sys.argv[1:])
