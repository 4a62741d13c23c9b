// Questions to begin with.

import type { MediaRef } from '../../../../src/server/schema/index.js';

const OF_IMAGES = ['what is this', 'what color is it', 'how many objects are there', 'what is on the left'] as const;
const OF_CLIPS = ['what happens', 'what changes first', 'which way does it move', 'how many objects are there'] as const;

/** Those that were not asked yet. */
export const suggestions = (kind: 'image' | 'video', asked: readonly string[]): readonly string[] =>
  (kind === 'image' ? OF_IMAGES : OF_CLIPS).filter((question) => !asked.includes(question));

/** One text for each picture or clip. */
export const keyOf = (media: MediaRef): string =>
  'upload' in media ? `upload/${media.upload}` : `${media.library}/${media.item}`;
