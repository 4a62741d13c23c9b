// The method a recipe asks for.

import {
  bottleneck,
  full,
  heads,
  lora,
  type Method,
  officialUniAdapter,
  type UniAdapterOptions,
  uniadapter,
} from '../adapter/index.js';
import type { Recipe } from '../recipe/index.js';

/** What a method is used for: frames may be weighed in training and not at evaluation. */
export type Phase = 'training' | 'evaluation';

/** @param profile `official` adds the release's accidents to UniAdapter; the other methods have none */
export function methodOf({ method, profile }: Pick<Recipe, 'method' | 'profile'>, phase: Phase): Method {
  switch (method.name) {
    case 'uniadapter':
      return uniadapter(profile === 'official' ? official(method, phase) : optionsOf(method, phase));
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

/** The release's accidents, and its rank for keys and values unless the recipe has one. */
const official = (method: UniAdapter, phase: Phase): UniAdapterOptions => ({
  ...optionsOf(method, phase),
  ...officialUniAdapter,
  keyValue: method.keyValue ?? officialUniAdapter.keyValue,
});
