// One forward of every encoder: vision per frame, text, and text looking at clips with and without frame weights.

import { type Backend, compile } from '../compiler/runtime/index.js';
import { input, matmul, reshape, type Tensor, trace } from '../compiler/tensor/index.js';
import { frameWeights, uniadapter } from '../model/adapter/index.js';
import { encodeImages, encodePairs, imageTokens, match, readTexts, textFeatures } from '../model/blip/index.js';
import { rootScope } from '../model/nn/index.js';
import { fit } from '../model/task/index.js';
import { type Check, compare, configOf, type Fixture, optionsOf, tolerances, weightsOf } from './fixture.js';

/** Checks every stage of the file, from pixels to logits. */
export async function checkComponents(fixture: Fixture, backend: Backend): Promise<Check[]> {
  const p = rootScope();
  const outputs = trace(() => stages(fixture, p));
  const program = await compile(backend, outputs, { name: fixture.name });
  const results = await program.run({
    ...weightsOf(fixture, p.declarations()),
    frames: fixture.floats('frames'),
    ids: fixture.integers('input_ids'),
    mask: fixture.integers('attention_mask'),
  });
  await program.release();
  return Object.keys(outputs).map((name) =>
    compare(name, name, [results[name] as Float32Array, fixture.floats(name)], { tolerance: tolerances.forward }),
  );
}

function stages(fixture: Fixture, p: ReturnType<typeof rootScope>): Record<string, Tensor> {
  const config = configOf(fixture);
  const blip = fit({ p, config, method: uniadapter(optionsOf(fixture)) }, p);
  const shape = fixture.shape('input_ids');
  const texts = { ids: input('ids', shape, 'int32'), mask: input('mask', shape, 'int32') };
  const images = encodeImages(blip, input('frames', fixture.shape('frames')));
  const [feature, hidden] = [textFeatures(blip, texts), readTexts(blip, texts)];
  const [batch, projection] = feature.shape as [number, number];
  const tokens = images.tokens;
  const keyWeights = frameWeights(feature, images.frameFeatures, imageTokens(config));
  const cosines = matmul(reshape(feature, [batch, 1, projection]), images.frameFeatures, { transB: true });
  return {
    'visual.hidden': reshape(tokens, fixture.shape('visual.hidden')),
    video_feat: images.feature,
    frame_feat: images.frameFeatures,
    'text.hidden': hidden,
    text_feat: feature,
    frame_similarity: reshape(cosines, fixture.shape('frame_similarity')),
    'multimodal.plain.hidden': encodePairs(blip, texts, { tokens }),
    'multimodal.plain.itm_logits': match(blip, texts, { tokens }),
    'multimodal.frame_aware.hidden': encodePairs(blip, texts, { tokens, keyWeights }),
    'multimodal.frame_aware.itm_logits': match(blip, texts, { tokens, keyWeights }),
  };
}
