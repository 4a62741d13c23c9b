// Timing by turns: on a machine that others use too, only workloads timed in turn can be compared.

export interface Workload {
  readonly name: string;
  run(): Promise<unknown>;
}

/**
 * Runs every workload twice untimed, then `rounds` times each, in turn. Twice: ONNX Runtime plans its memory after the
 * first run of a session, so the second one still meets pages that the system has yet to give.
 *
 * @returns median seconds by name
 */
export async function takeTurns(workloads: readonly Workload[], rounds: number): Promise<ReadonlyMap<string, number>> {
  const seconds = new Map<string, number[]>(workloads.map(({ name }) => [name, []]));
  for (const { run } of [...workloads, ...workloads]) await run();
  for (let round = 0; round < rounds; round++)
    for (const { name, run } of workloads) seconds.get(name)?.push(await secondsOf(run));
  return new Map([...seconds].map(([name, all]) => [name, median(all)]));
}

export async function secondsOf(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
}
