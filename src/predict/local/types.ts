// What serving asks of models: one backbone, any number of adapters, work of many users at once.

import type { RankedAnswer } from '../programs/index.js';

/** An adapter folder; null is the backbone alone. */
export type AdapterChoice = string | null;

export interface Work {
  /** What is not needed any more is not computed. */
  readonly signal?: AbortSignal;
  /** `background` waits until nobody is waiting for an answer. Default `interactive`. */
  readonly priority?: 'interactive' | 'background';
}

export interface EncodedFiles {
  /** f32 [files, P], unit length; meaningless where a file is unreadable. */
  readonly features: Float32Array;
  /** Number of a file → why it cannot be read. */
  readonly unreadable: ReadonlyMap<number, string>;
}

export interface Match {
  /** Logit of the matching head. */
  readonly logit: number;
  readonly frameWeights?: readonly number[];
}

/** Where a model looked, per frame rows × columns, between 0 and 1. */
export interface Attention {
  readonly rows: number;
  readonly columns: number;
  readonly frames: readonly Float32Array[];
}

export interface Answered {
  readonly question: string;
  /** The most probable first. */
  readonly answers: readonly RankedAnswer[];
  readonly frameWeights?: readonly number[];
  readonly attention?: Attention;
}

/** All that embeddings depend on beside texts and files; those of different identities are never compared. */
export interface Identity {
  /** SHA-256 of the rest, hex. */
  readonly key: string;
  readonly backbone: string;
  /** SHA-256 of the adapter's tensors; null for the backbone alone. */
  readonly adapter: string | null;
  /** P */
  readonly width: number;
  /**
   * F that clips are looked at with, 1 being their middle; null for the backbone alone, which looks at 8 frames of a clip
   * and once at an image.
   */
  readonly frames: number | null;
}

export interface LoadedAdapter {
  readonly folder: string;
  /** Of its own numbers. */
  readonly bytes: number;
}

/** Files are given by paths without symbolic links: a link, also one that was put there a moment ago, is not followed. */
export interface Engine {
  /** @throws recipe or parameter  when the adapter does not retrieve, or belongs to another backbone */
  identity(adapter: AdapterChoice): Promise<Identity>;
  /** @returns f32 [texts, P], unit length */
  textFeatures(adapter: AdapterChoice, texts: readonly string[], work?: Work): Promise<Float32Array>;
  mediaFeatures(adapter: AdapterChoice, files: readonly string[], work?: Work): Promise<EncodedFiles>;
  /** How well texts and files belong together, pair by pair; null where the file cannot be read. */
  match(
    adapter: AdapterChoice,
    pairs: readonly { readonly text: string; readonly file: string }[],
    work?: Work,
  ): Promise<readonly (Match | null)[]>;
  ask(
    adapter: AdapterChoice,
    file: string,
    questions: readonly string[],
    options: { readonly answers: number; readonly attention: boolean },
    work?: Work,
  ): Promise<readonly Answered[]>;
  caption(adapter: AdapterChoice, files: readonly string[], work?: Work): Promise<readonly string[]>;
  /** Those in memory now. */
  loaded(): readonly LoadedAdapter[];
  /** Takes an adapter out of memory; work that is under way ends first, and requests that wait read it again. */
  unload(adapter: string): Promise<void>;
  /** Requests that wait. */
  waiting(): number;
  close(): Promise<void>;
}
