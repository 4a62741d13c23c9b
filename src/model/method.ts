// The method a recipe asks for.

import type { Recipe } from '../recipe/index.js';
import {
  bottleneck,
  full,
  heads,
  inTime,
  lora,
  type Method,
  officialUniAdapter,
  type UniAdapterOptions,
  uniadapter,
} from './adapter/index.js';

/** What a method is used for: frames may be weighed in training and not at evaluation. */
export type Phase = 'training' | 'evaluation';

/** @param profile `official` adds the release's quirks to UniAdapter; the other methods have none */
export function methodOf(recipe: Pick<Recipe, 'method' | 'profile' | 'data'>, phase: Phase): Method {
  const { frames } = recipe.data;
  const method = frameByFrame(recipe, phase);
  return recipe.method.temporal && typeof frames === 'number' ? inTime(method, frames) : method;
}

/** The method without the order of frames. */
function frameByFrame({ method, profile }: Pick<Recipe, 'method' | 'profile'>, phase: Phase): Method {
  switch (method.name) {
    case 'uniadapter': {
      const options = optionsOf(method, phase);
      return uniadapter(profile === 'official' ? official(options) : options);
    }
    case 'lora':
      return lora(method);
    case 'bottleneck':
      return bottleneck(method);
    case 'full':
      return full();
    case 'heads':
      return heads();
  }
}

type UniAdapter = Extract<Recipe['method'], { readonly name: 'uniadapter' }>;

const optionsOf = (method: UniAdapter, phase: Phase): UniAdapterOptions => ({
  ...method,
  frameAware: method.frameAware === 'always' || method.frameAware === phase,
});

/** The release's quirks, and its rank for keys and values unless the recipe has one. */
const official = (options: UniAdapterOptions): UniAdapterOptions => ({
  ...options,
  ...officialUniAdapter,
  keyValue: options.keyValue ?? officialUniAdapter.keyValue,
});
