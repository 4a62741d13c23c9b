// All words and all answers of the world, from the data that makes its texts. The tokenizer is built from the words, so
// those of domains that a backbone has never seen are among them; answers are what a model chooses from.
import { CAPTION_TEXTS } from './describe.js';
import { DOMAINS, type DomainName, TINTS } from './kinds.js';
import { PLACES } from './layout.js';
import { PHRASES } from './phrase.js';
import { SCENE_QUESTION_TEXTS } from './scene-question.js';

/** Every word that a caption, a question or an answer can hold, sorted. */
export function words(): readonly string[] {
  const texts = [...PHRASES, ...CAPTION_TEXTS, ...SCENE_QUESTION_TEXTS, ...answers('fluent3d')];
  return [...new Set(texts.join(' ').split(/[ ,]+/).filter(Boolean))].sort();
}

/** Every answer to a question about the pictures of a domain. */
export function answers(domain: DomainName): readonly string[] {
  const nouns = DOMAINS[domain].kinds.map(({ noun }) => noun);
  return [...nouns, ...TINTS, ...PLACES, '1', '2', '3', '4', '5', 'yes', 'no', 'nothing'];
}
