// Datasets of the make-believe server.

import type { Dataset } from '../../../src/server/schema/index.js';
import { questionsOf } from './answers.js';
import { captionsOf } from './scenes.js';
import type { FakeItem } from './state.js';

/** One with everything, one without questions, one with nothing but questions about clips. */
export function datasetsOf(items: readonly FakeItem[]): Dataset[] {
  const examples = items.slice(0, 4).map(({ item, scene }) => ({
    ...{ media: { library: item.library, item: item.id }, kind: item.kind, captions: [...captionsOf(scene)] },
    questions: questionsOf(scene).map(({ question, answer }) => ({ question, answer })),
  }));
  return [
    {
      ...{
        name: 'sample',
        items: 400,
        kind: 'images',
        captions: 800,
        questions: 1183,
        isSample: true,
        problem: null,
        examples,
      },
      splits: { train: 320, val: 40, test: 40 },
    },
    {
      ...{
        name: 'holiday-photos',
        items: 1250,
        kind: 'both',
        captions: 2210,
        questions: 0,
        isSample: false,
        problem: null,
      },
      splits: { train: 1000, val: 125, test: 125 },
    },
    {
      ...{
        name: 'what-happens',
        items: 96,
        kind: 'videos',
        captions: 0,
        questions: 310,
        isSample: false,
        problem: null,
      },
      splits: { train: 77, val: 9, test: 10 },
    },
  ];
}
