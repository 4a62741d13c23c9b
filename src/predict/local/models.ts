// The models in a worker's memory: one backbone, any number of adapters. They are read on first use and again when their
// files have changed; beyond a number of bytes those that were not used for long go.

import { join } from 'node:path';
import { found } from '../../files/files.js';
import type { LoadedModel, TaskName } from '../../model/index.js';
import { createOrtBackend } from '../../node/ort.js';
import { openAdapter } from '../../weights/store/adapter-folder.js';
import { type Backbone, openBackbone } from '../../weights/store/backbone.js';
import { assembleTrained } from '../programs/load.js';
import type { InMemory, WorkerSettings } from './messages.js';
import { type ServedModel, serve } from './model.js';
import { createShape, type Shape, shapeKey } from './programs.js';
import { pooledBackend } from './session-pool.js';
import type { AdapterChoice } from './types.js';

/** Of scratch memory of compiled programs. */
const SCRATCH_BYTES = 2 ** 30;

export interface Models {
  /**
   * A model for a task, as its files are now.
   *
   * @throws file or format  when the folder is not there or broken
   * @throws parameter or recipe  when the adapter belongs to another backbone or task
   */
  open(adapter: AdapterChoice, task: TaskName): Promise<ServedModel>;
  /** Lets go of what is too much; the adapter that was used last stays. Between batches, which keep what they opened. */
  makeRoom(): Promise<void>;
  loaded(): readonly InMemory[];
  unload(adapter: string): Promise<void>;
  release(): Promise<void>;
}

interface Kept {
  readonly adapter: AdapterChoice;
  readonly state: string;
  readonly model: ServedModel;
  /** Key of its shape. */
  readonly shape: string;
}

export interface ModelWatch {
  /** Told the name of a model that goes. */
  onRelease(name: string): void;
  /** Called before a program of any model is run; what it throws is thrown instead. */
  beforeRun(): void;
}

export function createModels(settings: WorkerSettings, { onRelease, beforeRun }: ModelWatch): Models {
  const backend = pooledBackend(createOrtBackend({ threads: settings.threads }), SCRATCH_BYTES, beforeRun);
  const backbones = new Map<number | null, Promise<Backbone>>(); // by image size; null is its own
  const int8 = new Map<string, LoadedModel['int8']>(); // by what is in it
  const kept = new Map<string, Kept>(); // the one that was used last is the last
  const shapes = new Map<string, Shape>();
  let read = 0;

  function backboneFor(imageSize: number | null): Promise<Backbone> {
    const found = backbones.get(imageSize) ?? openBackbone(settings.backbone, imageSize);
    backbones.set(imageSize, found);
    found.catch(() => backbones.delete(imageSize));
    return found;
  }

  async function load(folder: AdapterChoice, task: TaskName): Promise<Pick<Kept, 'model' | 'shape'>> {
    const adapter = folder === null ? null : await openAdapter(folder);
    const backbone = await backboneFor(adapter?.recipe.data.imageSize ?? null);
    const alone = assembleTrained(backbone, adapter, { task });
    const trained = { ...alone, model: { ...alone.model, backend, ...sharedInt8(alone.model) } };
    const key = shapeKey(trained, task);
    const shape = shapes.get(key) ?? createShape(trained);
    shapes.set(key, shape);
    return { model: serve(trained, `${++read}:`, shape), shape: key };
  }

  /** What is quantised is the backbone's: the same for all adapters that leave the same of it alone. */
  function sharedInt8({ int8: own }: LoadedModel): Pick<LoadedModel, 'int8'> {
    if (!own) return {};
    const key = [...own.names].sort().join();
    const shared = int8.get(key) ?? own;
    int8.set(key, shared);
    return { int8: shared };
  }

  async function release(key: string): Promise<void> {
    const found = kept.get(key);
    kept.delete(key);
    if (!found) return;
    onRelease(found.model.name);
    if ([...kept.values()].some(({ shape }) => shape === found.shape)) return;
    await shapes.get(found.shape)?.release();
    shapes.delete(found.shape);
  }

  async function makeRoom(): Promise<void> {
    const adapters = [...kept].filter(([, { adapter }]) => adapter !== null);
    let held = adapters.reduce((sum, [, { model }]) => sum + model.bytes, 0);
    for (const [key, { model }] of adapters.slice(0, -1)) {
      if (held <= settings.adapterBytes) return;
      held -= model.bytes;
      await release(key);
    }
  }

  return {
    async open(adapter, task) {
      const key = JSON.stringify([adapter, task]);
      const state = await stateOf(adapter);
      const before = kept.get(key);
      if (before && before.state !== state) await release(key);
      const found = kept.get(key) ?? { adapter, state, ...(await load(adapter, task)) };
      kept.delete(key);
      kept.set(key, found);
      return found.model;
    },
    makeRoom,
    loaded: () =>
      [...kept.values()].flatMap(({ adapter, model }) =>
        adapter === null ? [] : [{ folder: adapter, bytes: model.bytes, mixes: model.mixes }],
      ),
    async unload(adapter) {
      for (const [key, one] of [...kept]) if (one.adapter === adapter) await release(key);
    },
    async release() {
      for (const key of [...kept.keys()]) await release(key);
    },
  };
}

/** Changes whenever an adapter's files do. What is missing is told when it is read. */
export async function stateOf(adapter: AdapterChoice): Promise<string> {
  if (adapter === null) return '';
  const files = ['adapter.json', 'adapter.safetensors', 'answers.json'];
  const states = files.map(async (file) => {
    const info = await found(join(adapter, file));
    return info ? [info.ino, info.size, info.mtimeMs] : [];
  });
  return JSON.stringify(await Promise.all(states));
}
