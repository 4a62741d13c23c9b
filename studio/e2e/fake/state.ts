// What the make-believe server has: libraries, adapters, jobs. Tests change it to bring about any state of a page.

import type {
  AdapterDetails,
  Dataset,
  Info,
  Job,
  JobEvent,
  Library,
  LibraryItem,
  Problem,
  Upload,
  WorldOptions,
} from '../../../src/server/schema/index.js';
import { adapters } from './adapters.js';
import { datasetsOf } from './datasets.js';
import { captionsOf, type Scene, sceneOf } from './scenes.js';
import { WORLD } from './world.js';

export interface FakeItem {
  readonly item: LibraryItem;
  readonly scene: Scene;
}

export interface FakeState {
  info: Info;
  libraries: Library[];
  items: FakeItem[];
  adapters: AdapterDetails[];
  jobs: Job[];
  readonly uploads: Map<string, { readonly upload: Upload; readonly scene: Scene }>;
  /** What the server refuses, by method and path, such as `POST /v1/search`. */
  readonly problems: Map<string, Partial<Problem> & { readonly status: number; readonly what: string }>;
  /** What waits until it is let go: requests by method and path, and the second stage of a search, `rerank`. */
  readonly holds: Map<string, Promise<void>>;
  datasets: Dataset[];
  /** What is wrong with the data of every plan. */
  planProblems: string[];
  planLeftOut: string[];
  /** What trainings have told, by job. */
  readonly events: Map<string, JobEvent[]>;
  /** How long a step of a training takes. */
  stepMs: number;
  /** The step after which trainings do no more. */
  lastStep: number;
  world: WorldOptions;
}

/** A server as it is after its first start, with a second library that nobody has indexed yet. */
export function fakeState(): FakeState {
  const items = [...itemsOf('sample', 96, 24), ...itemsOf('holiday-photos', 40, 0)];
  return {
    info: INFO,
    items,
    libraries: [
      { ...libraryOf('sample', items, true), indexes: ['none', 'search', 'clips'].map(indexOf) },
      { ...libraryOf('holiday-photos', items, false), indexes: [] },
    ],
    adapters: adapters(),
    jobs: [],
    uploads: new Map(),
    problems: new Map(),
    holds: new Map(),
    datasets: datasetsOf(items),
    planProblems: [],
    planLeftOut: [],
    events: new Map(),
    stepMs: 60,
    lastStep: Number.POSITIVE_INFINITY,
    world: WORLD,
  };
}

const INFO: Info = {
  version: '0.1.0',
  backbone: {
    name: 'tiny',
    sha256: 'b1f7'.repeat(16),
    parameters: 2_310_000,
    bytes: 9_240_000,
    imageSize: 96,
    tasks: ['retrieval', 'answering', 'captioning'],
  },
  limits: {
    bodyBytes: 1e6,
    uploadBytes: 2e8,
    adapterBytes: 6e7,
    pixels: 5e7,
    clipSeconds: 600,
    waiting: 64,
    seconds: 30,
  },
  canTrain: true,
};

const FOLDERS = ['outdoors', 'outdoors/summer', 'things', ''];

function itemsOf(library: string, images: number, clips: number): FakeItem[] {
  return Array.from({ length: images + clips }, (_, i) => {
    const isClip = i >= images;
    const scene = sceneOf(i + (library === 'sample' ? 0 : 1000), isClip);
    const folder = isClip ? 'clips' : (FOLDERS[i % FOLDERS.length] ?? '');
    const file = `${String(i).padStart(3, '0')}.${isClip ? 'webp' : 'png'}`;
    return {
      scene,
      item: {
        id: `${library}-${i}`,
        library,
        path: folder ? `${folder}/${file}` : file,
        kind: isClip ? 'video' : 'image',
        bytes: 24_000 + ((i * 7919) % 60_000),
        modified: new Date(Date.UTC(2026, i % 10, 1 + (i % 27), 9, 30)).toISOString(),
        captions: library === 'sample' ? [...captionsOf(scene)] : [],
      },
    };
  });
}

function libraryOf(name: string, all: readonly FakeItem[], isSample: boolean): Omit<Library, 'indexes'> {
  const items = all.map(({ item }) => item).filter(({ library }) => library === name);
  const folders = items.map(({ path }) => path.split('/').slice(0, -1).join('/'));
  return {
    name,
    items: items.length,
    images: items.filter(({ kind }) => kind === 'image').length,
    videos: items.filter(({ kind }) => kind === 'video').length,
    captions: items.reduce((sum, { captions }) => sum + captions.length, 0),
    folders: [...new Set(folders)].sort(),
    isSample,
  };
}

export const indexOf = (adapter: string): Library['indexes'][number] => ({
  adapter,
  items: 120,
  captions: 240,
  unreadable: 0,
  isCurrent: adapter !== 'clips',
  updated: '2026-11-27T16:20:00Z',
});
