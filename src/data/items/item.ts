// One image or clip of a dataset, with all that is said and asked about it. Every format is read into these.

export type Split = 'train' | 'val' | 'test';
export const SPLIT_NAMES: readonly Split[] = ['train', 'val', 'test'];

/** What a file is meant to be: an image is one picture whatever it holds, a video is sampled. */
export type MediaKind = 'image' | 'video';

export interface Question {
  /** Of the question, e.g. VQA v2's `question_id`; unique in a dataset. */
  readonly id: string;
  readonly question: string;
  /** As the annotators gave them, equal ones repeated; empty where nobody but a server knows them. */
  readonly answers: readonly string[];
  /** What it is counted under, such as VQA v2's `answer_type`. */
  readonly type?: string;
  /** How much it counts in training; absent is 1. */
  readonly weight?: number;
}

export interface Item {
  readonly id: string;
  /** Path of the image, the clip or the folder of its frames, relative to the dataset's media folder. */
  readonly media: string;
  readonly kind: MediaKind;
  /** None is blank. */
  readonly captions: readonly string[];
  readonly questions: readonly Question[];
  readonly split?: Split;
  /** Where it comes first in its file: line of a manifest, number of the entry otherwise; from 1. */
  readonly line: number;
}
