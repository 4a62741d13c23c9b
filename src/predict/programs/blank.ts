// Texts in which nothing is left to look for or to answer once they are cleaned: refused before a model is loaded.

import { cleanCaption, cleanQuestion } from '../../data/text/index.js';
import { fail } from '../../error/index.js';

const cleaned = { text: cleanCaption, question: cleanQuestion };

/**
 * Refuses texts without a word.
 *
 * @param kind  `text`, to search by, or `question`
 * @throws data  naming the first one that is empty, or holds only space, control characters or marks that are dropped
 */
export function refuseBlank(kind: 'text' | 'question', texts: readonly string[]): void {
  const blank = texts.findIndex((text) => /^[\s\p{C}]*$/u.test(cleaned[kind](text)));
  if (blank < 0) return;
  fail('data', {
    where: texts.length === 1 ? kind : `${kind} ${blank + 1}`,
    what: 'is blank',
    got: JSON.stringify(texts[blank]),
    expected: kind === 'text' ? 'words that say what to look for' : 'a question in words',
  });
}
