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

/** @param profile `official` adds the release's accidents to UniAdapter; the other methods have none */
export function methodOf({ method, profile }: Pick<Recipe, 'method' | 'profile'>): Method {
  switch (method.name) {
    case 'uniadapter':
      return uniadapter(profile === 'official' ? official(method) : method);
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

/** The release's accidents, and its rank for keys and values unless the recipe has one. */
const official = (method: UniAdapter): UniAdapterOptions => ({
  ...method,
  ...officialUniAdapter,
  keyValue: method.keyValue ?? officialUniAdapter.keyValue,
});
