// All that a report shows. Images are data URIs and charts SVG text already, so the page is a pure function of this.

import type { EventOf, Scores } from '../run/types.js';

export interface Tile {
  /** A small image as a data URI. */
  readonly image: string;
  readonly name: string;
  /** Whether this is what was looked for. */
  readonly isRight: boolean;
}

export interface Ranking {
  /** The first few. */
  readonly tiles: readonly Tile[];
  /** Of the best right image, from 1; null if it is not among those ranked. */
  readonly rank: number | null;
  /** How many images were ranked. */
  readonly ranked: number;
}

/** One text search, before and after training. */
export interface Query {
  readonly text: string;
  readonly before: Ranking;
  readonly after: Ranking;
}

/** The same chart twice, since shrinking one would shrink its words. */
export interface Chart {
  readonly wide: string;
  readonly narrow: string;
}

export interface ReportData {
  readonly title: string;
  readonly plan: Pick<EventOf<'plan'>, 'method' | 'parameters' | 'samples' | 'epochs' | 'steps' | 'batch'>;
  /** Null while the run is not finished. */
  readonly done: Pick<EventOf<'done'>, 'adapter' | 'adapterBytes' | 'backboneBytes' | 'seconds'> | null;
  readonly backbone: string;
  /** On the test split; null where it was not measured. */
  readonly before: Scores | null;
  readonly after: Scores | null;
  /** On the validation split, in order. */
  readonly validations: readonly Pick<EventOf<'evaluation'>, 'epoch' | 'scores'>[];
  readonly lossChart: Chart | null;
  readonly recallChart: Chart | null;
  readonly queries: readonly Query[];
  /** Which images the queries were searched in, in words: `200 images of the test split`. */
  readonly gallery: string;
  /** YAML. */
  readonly recipe: string;
  /** A shell command for each way to use the adapter. */
  readonly commands: readonly { readonly purpose: string; readonly command: string }[];
}
