// Captions of images and clips.

import { createCaptioner, createMediaEncoder, whileOpen } from '../../model/index.js';
import { parseRecipe } from '../../recipe/index.js';
import { framesFor, mediaSet } from './library.js';
import { loadTrained } from './load.js';
import type { Captioned, CaptionOptions } from './types.js';

/** @throws file or data  when a file cannot be decoded */
export async function caption(options: CaptionOptions): Promise<readonly Captioned[]> {
  const { media, onProgress } = options;
  const { model, codec, preprocess, adapter } = await loadTrained({ ...options, task: 'captioning' });
  const { captioning } = adapter?.recipe ?? parseRecipe({ data: { path: '.' } }, 'defaults');
  const set = await mediaSet(media);
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
  return written.map((text, i) => ({ path: media[i] as string, caption: text }));
}
