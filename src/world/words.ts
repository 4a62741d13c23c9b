// All words and all answers of the world, from the data that makes its texts. The tokenizer is built from the words, so
// those of domains that a backbone has never seen are among them; answers are what a model chooses from.
import { CLIP_CAPTION_TEXTS } from './clip-caption.js';
import { CLIP_ANSWERS, CLIP_QUESTION_TEXTS } from './clip-question.js';
import { CAPTION_TEXTS } from './describe.js';
import { DOMAINS, type DomainName, TINTS } from './kinds.js';
import { PHRASES } from './phrase.js';
import { SCENE_ANSWERS, SCENE_QUESTION_TEXTS } from './scene-question.js';

/** Every word that a caption, a question or an answer can hold, sorted. */
export function words(): readonly string[] {
  const texts = [
    ...PHRASES,
    ...CAPTION_TEXTS,
    ...SCENE_QUESTION_TEXTS,
    ...SCENE_ANSWERS,
    ...CLIP_CAPTION_TEXTS,
    ...CLIP_QUESTION_TEXTS,
    ...CLIP_ANSWERS,
  ];
  return [...new Set(texts.join(' ').split(/[ ,]+/).filter(Boolean))].sort();
}

/** Every answer to a question about the pictures, or the clips, of a domain. */
export function answers(domain: DomainName, kind: 'image' | 'video'): readonly string[] {
  const nouns = DOMAINS[domain].kinds.map(({ noun }) => noun);
  return [...nouns, ...TINTS, ...(kind === 'image' ? SCENE_ANSWERS : CLIP_ANSWERS)];
}
