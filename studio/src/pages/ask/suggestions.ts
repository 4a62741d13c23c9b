// Questions to begin with.

import type { Media } from '../../parts/media.js';

const QUESTIONS: Readonly<Record<Media['kind'], readonly string[]>> = {
  image: ['what is this', 'what color is it', 'how many objects are there', 'what is on the left'],
  video: ['what happens', 'which object changes', 'which way does it move', 'how many objects are there'],
};

/** Those that were not asked yet. */
export const suggestions = (kind: Media['kind'], asked: readonly string[]): readonly string[] =>
  QUESTIONS[kind].filter((question) => !asked.includes(question));
