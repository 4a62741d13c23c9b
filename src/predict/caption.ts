// Captions of images and clips.

import type { UniAdapterError } from '../error/index.js';
import { whileOpen } from '../model/index.js';
import { parseRecipe } from '../recipe/index.js';
import type { Captioned, CaptionOptions } from '../verbs/types.js';
import { createCaptioner, createMediaEncoder } from './programs/index.js';
import { forgiving, framesFor, mediaSet, readableKinds } from './programs/library.js';
import { loadTrained } from './programs/load.js';

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
