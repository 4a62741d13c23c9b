// What the choices of a training are called, for somebody who has never trained anything.

import type { Dataset } from '../../../../src/server/schema/index.js';
import { count } from '../../parts/format.js';
import type { Effort, MethodName, Task } from './choices.js';

export const TASK_WORDS: Readonly<Record<Task, { readonly name: string; readonly about: string }>> = {
  retrieval: {
    name: 'Find by text',
    about: 'Type what you look for and get the pictures or clips that fit. Learns from captions.',
  },
  answering: {
    name: 'Answer questions',
    about: 'Ask about a picture or clip and get a short answer. Learns from questions with answers.',
  },
  captioning: { name: 'Write captions', about: 'Get a sentence that says what is to be seen. Learns from captions.' },
};

export const EFFORT_WORDS: Readonly<Record<Effort, { readonly name: string; readonly about: string }>> = {
  quick: { name: 'Quick look', about: 'A few passes over the data and a small adapter: does it learn anything?' },
  normal: { name: 'Normal', about: 'Enough passes for most folders, and a middling adapter.' },
  thorough: { name: 'Thorough', about: 'Many passes and a large adapter, when the scores still rise at the end.' },
};

export const METHOD_WORDS: Readonly<Record<MethodName, string>> = {
  uniadapter: 'UniAdapter',
  lora: 'LoRA',
  bottleneck: 'Bottleneck adapters',
  heads: 'Heads only',
  full: 'Everything',
};

/** `240 pictures and clips` */
export function itemsText({ items, kind }: Pick<Dataset, 'items' | 'kind'>): string {
  const nouns = { images: 'pictures', videos: 'clips', both: 'pictures and clips' };
  return items === 1 ? '1 item' : `${count(items)} ${nouns[kind]}`;
}
