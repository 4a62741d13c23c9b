// ViT-B/16 with UniAdapter's visual adapters, forward and backward, as one program.

import type { Backend, Feeds, Program } from '../src/compiler/runtime/index.js';
import { flopsOf } from './flops.js';
import type { Project } from './project.js';
import { normal, randomWeights } from './random-weights.js';

export interface TowerSizes {
  readonly batch: number;
  readonly bottleneck: number;
  /** Blocks; 12 make ViT-B/16. */
  readonly layers: number;
}

export interface Tower {
  readonly flops: number;
  /** @param constant  whether the frozen weights are part of the program */
  compile(backend: Backend, constant: boolean): Promise<{ readonly program: Program; readonly feeds: Feeds }>;
}

/**
 * Σ (features · w) and its gradients by every visual adapter's parameters, at 224 pixels.
 *
 * @param project  the checkout whose compiler and model are measured
 */
export function tower(
  { adapter, autodiff, blip, nn, runtime, tensor }: Project,
  { batch, bottleneck, layers }: TowerSizes,
): Tower {
  const base = blip.blipBase;
  const config = { ...base, vision: { ...base.vision, imageSize: 224, layers } };
  const method = adapter.uniadapter({ bottleneck, modalities: ['visual'] });
  const p = nn.rootScope();
  const image = { name: 'image', shape: [batch, 3, 224, 224] };
  const w = { name: 'w', shape: [batch, blip.imageTokens(config), config.vision.width] };
  const { outputs, flops } = tensor.trace(() => {
    const hooks = method.hooks(p, config);
    const features = blip.visionTower(p.at('visual_encoder'), tensor.input(image.name, image.shape), { config, hooks });
    const loss = tensor.reshape(tensor.sum(tensor.mul(features, tensor.input(w.name, w.shape))), []);
    const trained = p.declarations().filter((declaration) => adapter.trains(method, declaration));
    const gradients = autodiff.gradients(loss, trained.map(nn.parameter));
    const named = Object.fromEntries(trained.map(({ path }, i) => [path, gradients[i] as typeof loss]));
    return { outputs: { loss, ...named }, flops: flopsOf([loss, ...gradients]) };
  });
  const weights = randomWeights(p.declarations());
  const frozen = Object.fromEntries(
    p.declarations().flatMap((d) => (adapter.trains(method, d) ? [] : [[d.path, weights[d.path] as Float32Array]])),
  );
  const feeds = {
    ...weights,
    image: normal(3 * 224 * 224 * batch, 1),
    w: normal(
      w.shape.reduce((a, b) => a * b),
      1,
    ),
  };
  return {
    flops,
    async compile(backend, constant) {
      const program = await runtime.compile(backend, outputs, { name: 'tower', ...(constant && { frozen }) });
      return { program, feeds };
    },
  };
}
