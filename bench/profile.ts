// Where a program's time goes, from ONNX Runtime's own trace. Node names begin with the path of the code that made
// them, `∇` before those of the backward pass. Profiling costs a few percent, so only shares are taken from it.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backend } from '../src/compiler/runtime/index.js';
import { createOrtBackend } from '../src/node/ort.js';

export interface Profiled {
  readonly backend: Backend;
  /** The last run of the last program that was loaded, once all programs are released. */
  read(): Profile;
}

export interface Profile {
  /** Share of the time in nodes of the backward pass. */
  readonly backward: number;
  /** Shares by kind of ONNX operator, largest first. */
  readonly kinds: readonly (readonly [string, number])[];
}

interface Event {
  readonly cat: string;
  readonly name: string;
  readonly ts: number;
  readonly dur: number;
  readonly args: { readonly op_name: string };
}

/** A backend that traces what it runs. */
export function profiled(): Profiled {
  const folder = mkdtempSync(join(tmpdir(), 'uniadapter-profile-'));
  let programs = 0;
  return {
    backend: {
      target: 'cpu',
      load: (model, files, scratchBytes) =>
        createOrtBackend({ profile: join(folder, `${programs++}`) }).load(model, files, scratchBytes),
    },
    read() {
      const file = readdirSync(folder).sort().at(-1) as string;
      const events = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Event[];
      rmSync(folder, { recursive: true });
      return summary(events);
    },
  };
}

function summary(events: readonly Event[]): Profile {
  const start = events.findLast(({ name }) => name === 'model_run')?.ts ?? 0;
  const nodes = events.filter(({ cat, name, ts }) => cat === 'Node' && name.endsWith('_kernel_time') && ts >= start);
  const total = nodes.reduce((sum, { dur }) => sum + dur, 0);
  const kinds = new Map<string, number>();
  let backward = 0;
  let isBackward = false;
  for (const { name, dur, args } of nodes) {
    if (name.includes('/')) isBackward = name.startsWith('∇'); // the runtime's own nodes have no path: as the one before
    if (isBackward) backward += dur / total;
    kinds.set(args.op_name, (kinds.get(args.op_name) ?? 0) + dur / total);
  }
  return { backward, kinds: [...kinds].sort((a, b) => b[1] - a[1]) };
}
