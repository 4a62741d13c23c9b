// A backbone held against what transformers computed with the same weights (bench/peers/blip.py): how far off each output
// is, relative to the largest number of the expected one, and whether generated ids are the same.

import { input, type Tensor } from '../../compiler/tensor/index.js';
import { float32Of, int32Of, type NamedArrays } from '../../format/index.js';
import { heads } from '../../model/adapter/index.js';
import {
  type Blip,
  decode,
  encodeImages,
  encodePairs,
  imageTokens,
  match,
  paddingMask,
  readTexts,
  seeImages,
  textFeatures,
  vocabularyLogits,
} from '../../model/blip/index.js';
import { compileFor, type LoadedModel, type TaskName } from '../../model/index.js';
import { fit } from '../../model/task/index.js';
import { loadTrained } from '../../predict/programs/load.js';
import { createWriter } from '../../predict/programs/writer.js';
import { openSafetensors } from '../tensors/tensors.js';

export interface Comparison {
  /** Largest difference by the largest expected number, by output. */
  readonly errors: Readonly<Record<string, number>>;
  /** Rows of ids after what was given, ours and expected, without `[SEP]` and padding; null for a backbone that does not write. */
  readonly generated: { readonly ours: readonly number[][]; readonly expected: readonly number[][] } | null;
}

/** @param backbone  as in a recipe @param expected  path of expected.safetensors */
export async function compareWithExpected(backbone: string, expected: string): Promise<Comparison> {
  const { arrays } = await openSafetensors(expected);
  const task = taskOf(arrays);
  const { model, codec } = await loadTrained({ adapter: null, task, backbone });
  const outputs = await run(model, task, arrays);
  const errors = Object.entries(outputs).map(([name, values]) => [name, relative(values, floats(arrays, name))]);
  const generated = arrays.has('generated') ? await write(model, task, outputs, arrays, codec.tokens.sep) : null;
  return { errors: Object.fromEntries(errors), generated };
}

const taskOf = (arrays: NamedArrays): TaskName =>
  arrays.has('itm') ? 'retrieval' : arrays.has('question') ? 'answering' : 'captioning';

type Outputs = Readonly<Record<string, Float32Array>>;

async function run(model: LoadedModel, task: TaskName, arrays: NamedArrays): Promise<Outputs> {
  const program = await compileFor(model, 'oracle', () => {
    const [B, T] = shapeOf(arrays, 'ids') as [number, number];
    const texts = { ids: input('ids', [B, T], 'int32'), mask: input('mask', [B, T], 'int32') };
    const pixels = input('pixels', shapeOf(arrays, 'pixels'));
    return outputsOf(fit({ ...model, method: heads() }, model.p), task, pixels, texts);
  });
  const feeds = { pixels: floats(arrays, 'pixels'), ids: ints(arrays, 'ids'), mask: ints(arrays, 'mask') };
  const outputs = await program.run({ ...model.weights, ...feeds });
  await program.release();
  return outputs as Outputs;
}

function outputsOf(blip: Blip, task: TaskName, pixels: Tensor, texts: { readonly ids: Tensor; readonly mask: Tensor }) {
  if (task === 'retrieval') {
    const { tokens, feature } = encodeImages(blip, pixels);
    const text = { text: readTexts(blip, texts), text_feature: textFeatures(blip, texts) };
    return {
      ...{ vision: tokens, ...text, image_feature: feature },
      itm: match(blip, texts, { tokens }),
    };
  }
  const { tokens } = seeImages(blip, pixels);
  if (task === 'captioning') return { vision: tokens, logits: vocabularyLogits(blip, decode(blip, texts, { tokens })) };
  const question = encodePairs(blip, texts, { tokens });
  const answer = decode(blip, texts, { tokens: question, mask: paddingMask(texts.mask) });
  return { vision: tokens, question, logits: vocabularyLogits(blip, answer) };
}

async function write(model: LoadedModel, task: TaskName, outputs: Outputs, arrays: NamedArrays, end: number) {
  const rows = (name: string) => rowsOf(ints(arrays, name), shapeOf(arrays, name)[1] as number);
  const expected = rows('generated');
  const isCaption = task === 'captioning';
  const seenTokens = isCaption ? imageTokens(model.config) : (shapeOf(arrays, 'ids')[1] as number);
  const batch = expected.length;
  const writer = await createWriter(model, {
    seenWidth: model.config[isCaption ? 'vision' : 'text'].width,
    ...{ batch, beams: 3, seenTokens, end, maxLength: expected[0]?.length as number },
    given: rows('start')[0] as number[],
  });
  const mask = isCaption ? new Int32Array(batch * seenTokens).fill(1) : ints(arrays, 'mask');
  const written = await writer.write((isCaption ? outputs.vision : outputs.question) as Float32Array, mask);
  await writer.release();
  const from = rows('start')[0]?.length;
  const own = (ids: readonly number[]) => ids.slice(from).filter((id) => id !== end && id !== PAD);
  return { ours: written.map((texts) => [...(texts[0]?.tokens ?? [])]), expected: expected.map(own) };
}

const PAD = 0;

const shapeOf = (arrays: NamedArrays, name: string): readonly number[] => arrays.get(name)?.shape ?? [];

const floats = (arrays: NamedArrays, name: string) => float32Of(arrays.get(name) as never);
const ints = (arrays: NamedArrays, name: string) => int32Of(arrays.get(name) as never);

const rowsOf = (values: Int32Array, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, row) => [...values.subarray(row * width, (row + 1) * width)]);

function relative(ours: Float32Array, expected: Float32Array): number {
  if (ours.length !== expected.length) return Number.POSITIVE_INFINITY;
  let [worst, largest] = [0, 0];
  for (const [i, value] of expected.entries()) {
    worst = Math.max(worst, Math.abs((ours[i] as number) - value));
    largest = Math.max(largest, Math.abs(value));
  }
  return worst / largest;
}
