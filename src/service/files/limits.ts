// How much a server takes on: so much that honest use never meets it, and so little that memory stays bounded.

import type { Info } from '../../server/index.js';

export const LIMITS: Info['limits'] = {
  bodyBytes: 2 ** 20,
  uploadBytes: 256 * 2 ** 20,
  adapterBytes: 64 * 2 ** 20, // they are held in memory while they are looked at
  pixels: 50_000_000,
  clipSeconds: 1800,
  waiting: 256,
  seconds: 60,
};

/** Of all frames of a GIF or an animated WebP, which are decoded from the first one on. */
export const ANIMATION_PIXELS = 500_000_000;
/** What uploads may take on the disk in all. */
export const UPLOADS_BYTES = 4 * 2 ** 30;
/** Of an adapter that is uploaded: the edge of its pictures, the frames of its clips, and the answers it chooses from. */
export const MAX_IMAGE_SIZE = 1024;
export const MAX_FRAMES = 64;
export const MAX_ANSWERS = 100_000;
export const MAX_WAITING_JOBS = 64;
