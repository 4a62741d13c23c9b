// The README.md of an export: how to prepare inputs, how to run in Python, and every input and output.

import type { Signature } from '../../compiler/onnx/index.js';
import { printShape } from '../../compiler/tensor/index.js';
import type { ExportDescription, LoweredProgram } from './description.js';
import { described, type Side } from './meaning.js';

/** @param weightsBytes  size of the file of weights */
export function exportReadme(
  description: ExportDescription,
  programs: readonly LoweredProgram[],
  weightsBytes: number,
): string {
  const { task, backbone, method, packageVersion, batch, weights } = description;
  const rows = programs.map(({ name, title, bytes }) => `| \`${name}.onnx\` | ${title} | ${megabytes(bytes.length)} |`);
  return `# ${task} with ${backbone.name}, as ONNX

Exported by [uniadapter](https://www.npmjs.com/package/uniadapter) ${packageVersion}; method in use: ${method.used}, in training: ${method.trained}.

| file | | |
|---|---|---|
${rows.join('\n')}
| \`${weights}\` | all numbers, once; the programs refer to it | ${megabytes(weightsBytes)} |
| \`export.json\` | names, shapes and sizes, for programs | |

Keep the files together. Sizes are fixed: ${batch.use} at once in use, ${batch.training} in training; fill what is left over and
ignore its results, or export again with \`--batch\` and \`train.batch=\`. Programs use ONNX's operator set 21 and, of ONNX Runtime's own
operators, \`FusedMatMul\` among others: they are for ONNX Runtime. In a program the output \`feature\` is called \`out:feature\`.

## Preparing inputs

${preparing(description)}

## Python

\`\`\`python
${python(description)}
\`\`\`

## Training

A step is a pure function. \`train-gradients\` is fed with the parameters it trains and a batch, and computes losses and gradients;
gradients may then be averaged over machines; \`train-update\` computes the next parameters and moments. \`export.json\` lists the
parameters under \`training\`; their numbers at the start are in \`${weights}\`.

\`\`\`python
${trainingPython(description)}
\`\`\`

## Inputs and outputs

${programs.map(ports).join('\n\n')}
`;
}

function preparing({ image, text, frames }: ExportDescription): string {
  const list = (numbers: readonly number[]) => `(${numbers.join(', ')})`;
  const clips = frames.use ? ` A clip is ${frames.use} frames, evenly spread.` : '';
  const { tokens, maxTokens } = text;
  return `Images: RGB, resized to ${image.size} × ${image.size} by a bicubic filter, divided by 255, minus ${list(image.mean)}, divided by
${list(image.std)}; channels first, float32.${clips}

Texts: lower case, the characters \`.!"()*#:;~\` become spaces; token ids by \`tokenizer.json\`, cut or padded with ${tokens.pad} to ${maxTokens}, int32.
\`[CLS]\` is ${tokens.cls}, \`[SEP]\` ${tokens.sep}, \`[ENC]\` ${tokens.enc}, \`[DEC]\` ${tokens.bos}.`;
}

/** Before ONNX Runtime is loaded. */
const QUIET = [
  'import os',
  'os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # or ONNX Runtime reports to its maker what it runs',
];

/** Encodes one image, and one text where the task compares; run by bench/peers/exports.py. */
function python({ task, image, batch, text, frames }: ExportDescription): string {
  const shape = ['1', ...(frames.use ? ['1'] : []), '3', '1', '1'].join(', ');
  const repeat = [batch.use, ...(frames.use ? [frames.use] : []), 1, 1, 1].join(', ');
  const lines = [
    ...QUIET,
    'import numpy as np, onnxruntime as ort',
    'from PIL import Image',
    '',
    `picture = Image.open("photo.jpg").convert("RGB").resize((${image.size}, ${image.size}), Image.BICUBIC)`,
    `x = (np.asarray(picture, np.float32) / 255 - np.float32(${JSON.stringify(image.mean)})) / np.float32(${JSON.stringify(image.std)})`,
    `x = np.tile(x.transpose(2, 0, 1).reshape(${shape.replace('3, 1, 1', `3, ${image.size}, ${image.size}`)}), (${repeat}))`,
    'encoder = ort.InferenceSession("image-encoder.onnx")',
    `${task === 'retrieval' ? 'tokens, feature' : '(tokens,)'} = encoder.run(None, {"image": x})`,
  ];
  if (task !== 'retrieval') return lines.join('\n');
  return [
    ...lines,
    '',
    'from tokenizers import Tokenizer',
    'tokenizer = Tokenizer.from_file("tokenizer.json")',
    `tokenizer.enable_truncation(${text.maxTokens}); tokenizer.enable_padding(length=${text.maxTokens}, pad_id=${text.tokens.pad})`,
    `texts = tokenizer.encode_batch(["a red car on the left"] * ${batch.use})`,
    'ids, mask = (np.array([getattr(t, k) for t in texts], np.int32) for k in ("ids", "attention_mask"))',
    '(text,) = ort.InferenceSession("text-encoder.onnx").run(None, {"ids": ids, "mask": mask})',
    'print("similarity", feature[0] @ text[0])',
  ].join('\n');
}

/** Two functions: the state at the start, and a step; run by bench/peers/exports.py. */
function trainingPython({ training: { optimiser }, weights }: ExportDescription): string {
  return `${QUIET.join('\n')}
import json, numpy as np, onnxruntime as ort
from safetensors import safe_open

trained = json.load(open("export.json"))["training"]
gradients, update = (ort.InferenceSession(f"train-{half}.onnx") for half in ("gradients", "update"))

def run(session, feeds):
    wanted = {i.name: feeds[i.name] for i in session.get_inputs()}
    return {o.name[4:]: y for o, y in zip(session.get_outputs(), session.run(None, wanted))}

def start():
    with safe_open("${weights}", "numpy") as numbers:
        state = {path: numbers.get_tensor(path).astype(np.float32) for path in trained["parameters"]}
    moments = {f"{m}/{path}": np.zeros_like(x) for path, x in state.items() for m in ("first", "second")}
    return state | moments | {f"momentum/{path}": state[path] for path in trained["averaged"]}

def step(state, batch, n, rate=${optimiser.learningRate}):  # n from 1; the batch holds every other input of train-gradients
    out = run(gradients, state | batch)
    scalars = dict(learningRate=rate, correction1=1 - ${optimiser.beta1}**n, correction2=(1 - ${optimiser.beta2}**n) ** 0.5)
    new = run(update, state | out | {name: np.array(x, np.float32) for name, x in scalars.items()})
    averages = {name: x for name, x in out.items() if name.startswith("momentum/")}
    return state | averages | new, out["total"]`;
}

function ports({ name, title, inputs, outputs }: LoweredProgram): string {
  return `### ${name}.onnx

${title}

| | name | type and shape | |
|---|---|---|---|
${[...rows(inputs, 'input'), ...rows(outputs, 'output')].join('\n')}`;
}

function rows(named: ReadonlyMap<string, Signature>, side: Side): string[] {
  const lines = new Map<string, { text: string; shapes: Set<string>; count: number }>();
  for (const [name, { dtype, shape }] of named) {
    const { label, text } = described(name, side);
    const line = lines.get(label) ?? { text, shapes: new Set(), count: 0 };
    line.shapes.add(`${dtype} ${printShape(shape)}`);
    line.count++;
    lines.set(label, line);
  }
  return [...lines].map(([label, { text, shapes, count }]) => {
    const many = count > 1 ? ` (${count})` : '';
    const shape = shapes.size === 1 ? [...shapes][0] : 'float32, as the parameter';
    return `| ${side} | \`${label}\`${many} | ${shape} | ${text} |`;
  });
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)} MB`;
