// Captions of images and clips.

import type { UniAdapterError } from '../error/index.js';
import { whileOpen } from '../model/index.js';
import { parseRecipe } from '../recipe/index.js';
import { createCaptioner, createMediaEncoder } from './programs/index.js';
import { forgiving, framesFor, mediaSet, readableKinds } from './programs/library.js';
import { loadTrained } from './programs/load.js';
import type { ModelOptions, OnUnreadable } from './programs/options.js';
import type { OnProgress } from './programs/progress.js';

export interface CaptionOptions extends ModelOptions {
  readonly media: readonly string[];
  readonly onProgress: OnProgress;
  /** With it, what can be read is described and the other files are told; without it the first of them is an error. */
  readonly onUnreadable?: OnUnreadable;
}

export interface Captioned {
  readonly path: string;
  readonly caption: string;
}

/** @throws file or data  when a file cannot be decoded and nobody is told of it by `onUnreadable` */
export async function caption(options: CaptionOptions): Promise<readonly Captioned[]> {
  const { onProgress, onUnreadable } = options;
  const { model, codec, preprocess, adapter } = await loadTrained({ ...options, task: 'captioning' });
  const { captioning } = adapter?.recipe ?? parseRecipe({ data: { path: '.' } }, 'defaults');
  const media = onUnreadable ? await readableKinds(options.media, onUnreadable) : options.media;
  if (media.length === 0) return [];
  const files = await mediaSet(media);
  const { set, errors } = onUnreadable ? forgiving(files) : { set: files, errors: new Map<number, UniAdapterError>() };
  const frames = framesFor(set, adapter, options.frames);
  const [items, batch] = [media.length, Math.min(8, media.length)];
  const written = await whileOpen(
    createMediaEncoder(model, { preprocess, frames, batch, features: false }),
    async (encoder) => {
      const { tokens } = await encoder.encode(set, (done) => onProgress(done, 2 * items));
      return whileOpen(createCaptioner(model, { ...captioning, codec, frames, batch }), (captioner) =>
        captioner.captions(tokens, items, (done) => onProgress(items + done, 2 * items)),
      );
    },
  );
  for (const [i, error] of errors) onUnreadable?.(media[i] as string, error);
  return written.map((text, i) => ({ path: media[i] as string, caption: text })).filter((_, i) => !errors.has(i));
}
