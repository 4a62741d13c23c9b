// All that a page does with the core before it computes: files as bytes → a model, a step, its gradients, ONNX; texts → ids;
// pixels → what a model sees. Bundled by core.test.ts for a browser.

import {
  type blip,
  data,
  format,
  gradients,
  image,
  lower,
  adapter as methods,
  model,
  nn,
  recipe,
  task,
  tensor,
  text,
} from '../../src/index.js';

/** Bytes of files by name, as numbers: what is made in one realm is no Uint8Array in another. */
export type Files = Readonly<Record<string, readonly number[]>>;

const bytesOf = (files: Files): ReadonlyMap<string, Uint8Array> =>
  new Map(Object.entries(files).map(([name, bytes]) => [name, Uint8Array.from(bytes)]));

/** @returns what came of each part, as JSON */
export function useCore(backboneFiles: Files, adapterFiles: Files): string {
  const backbone = format.unpackBackbone(bytesOf(backboneFiles), 'backbone');
  const adapter = format.unpackAdapter(bytesOf(adapterFiles), 'adapter');
  const parsed = recipe.parseRecipe(adapter.info.recipe, 'adapter');
  const config: blip.BlipConfig = model.configOf(backbone.info);
  const method = model.methodOf(parsed, 'training');
  const purpose = { task: parsed.task, frames: null };
  const declarations = model.declarationsOf(model.createModel(config, method), purpose);
  const { weights } = model.assemble({ method }, declarations, backbone.arrays, {
    ...{ adapter: adapter.arrays, seed: 1, where: 'adapter' },
  });

  const made = model.createModel(config, method);
  const step = tensor.trace(() => {
    const { total } = task.retrievalStep(made, { batch: 2, tokens: 8, frames: null }, { queue: 0, momentum: 'off' });
    const trained = made.p.declarations().filter((declaration) => methods.trains(method, declaration));
    const slopes = gradients(total, trained.map(nn.parameter));
    return { total, ...Object.fromEntries(trained.map(({ path }, i) => [path, slopes[i] as tensor.Tensor])) };
  });
  const { bytes, inputs } = lower(step, { target: 'cpu' });

  const tokenizer = text.createTokenizer(backbone.tokenizer, backbone.info.tokens);
  const { maxTokens, text: sizes } = backbone.info;
  const codec = text.createCodec(tokenizer, { maxTokens, positions: sizes.positions });
  const seen = new Float32Array(3 * 32 * 32);
  const picture = image.pixels(
    40,
    30,
    Uint8Array.from({ length: 40 * 30 * 3 }, (_, i) => (i * 37) % 256),
  );
  image.prepare(picture, { size: 32, ...backbone.info.preprocess, augment: 'none' }, null, seen);
  const { items } = data.parseManifest('image,caption\na.jpg,"a red, red square"\n', 'csv');

  return JSON.stringify({
    weights: Object.entries(weights).map(([path, values]) => [path, sumOf(values)]),
    model: [bytes.length, sumOf(bytes), [...inputs.keys()]],
    ids: [...codec.captions(['a red square on grey', 'naïve Ünïcode 日本']).ids],
    pixels: sumOf(seen),
    items,
  });
}

const sumOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value, i) => sum + value * ((i % 101) + 1), 0);
