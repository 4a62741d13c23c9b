// What a benchmark is: a name and rows of numbers that arrive while it runs.

export interface Row {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
}

export interface BenchOptions {
  /** How often each workload is timed; workloads that are compared take turns. */
  readonly rounds: number;
  /** Depth of the towers: 12 is the published size, fewer give a quick look. */
  readonly layers: number;
  /** Another checkout of the project, to compare this one with; null: nothing. */
  readonly against: string | null;
}

export interface Benchmark {
  readonly name: string;
  /** One line: what is measured. */
  readonly about: string;
  run(options: BenchOptions): AsyncIterable<Row>;
}

export const row = (what: string, value: number, unit: string): Row => ({ what, value, unit });
