// Captions of images and clips.

import { createCaptioner, createMediaEncoder } from '../../model/index.js';
import { parseRecipe } from '../../recipe/index.js';
import { framesFor, mediaSet } from './library.js';
import { loadTrained } from './load.js';
import type { Captioned, CaptionOptions } from './types.js';

/** @throws file or data  when a file cannot be decoded */
export async function caption(options: CaptionOptions): Promise<readonly Captioned[]> {
  const { media, onProgress } = options;
  const { model, codec, preprocess, adapter } = await loadTrained({ ...options, task: 'captioning' });
  const { captioning } = adapter?.recipe ?? parseRecipe({ data: { path: '.' } }, 'defaults');
  const set = mediaSet(media);
  const frames = framesFor(set, adapter, options.frames);
  const batch = Math.min(8, media.length);
  const encoder = await createMediaEncoder(model, { preprocess, frames, batch, features: false });
  try {
    const { tokens } = await encoder.encode(set, (done) => onProgress(done, 2 * media.length));
    const captioner = await createCaptioner(model, { ...captioning, codec, frames, batch });
    try {
      const written = await captioner.captions(tokens, media.length, (done) =>
        onProgress(media.length + done, 2 * media.length),
      );
      return written.map((text, i) => ({ path: media[i] as string, caption: text }));
    } finally {
      await captioner.release();
    }
  } finally {
    await encoder.release();
  }
}
