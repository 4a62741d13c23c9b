// The machine behind the API: libraries, models, adapters and jobs on this computer's disk, put together.

import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Decoder } from '../data/video/index.js';
import { fail } from '../error/index.js';
import { makeFolder } from '../files/files.js';
import { onnxRuntime } from '../node/native/native.js';
import type { Engine } from '../predict/local/types.js';
import type { VectorStore } from '../search/types.js';
import type { Health, Service } from '../server/index.js';
import { openBackbone } from '../weights/store/backbone.js';
import { openAdapters } from './adapters/adapters.js';
import { asking } from './asking.js';
import { mediaTypeOf } from './files/content-type.js';
import { hidingFolders } from './files/hidden.js';
import { memoised } from './files/memoised.js';
import { createPictures } from './files/pictures.js';
import { stateFolder } from './files/state.js';
import { storedFile } from './files/stored.js';
import { openUploads } from './files/uploads.js';
import { infoOf } from './info.js';
import { openAside } from './jobs/aside.js';
import { createExamples } from './jobs/examples.js';
import { indexJob, indexWork } from './jobs/index-work.js';
import { isOver } from './jobs/job-log.js';
import { openJobs } from './jobs/jobs.js';
import { type RunCommand, trainWork } from './jobs/train-work.js';
import { training } from './jobs/training.js';
import { datasetNamed, trainingRecipes } from './jobs/training-recipe.js';
import { unreadDataset } from './libraries/datasets.js';
import { dropIndexes, indexesOf } from './libraries/indexes.js';
import { openLibraries, type Place } from './libraries/libraries.js';
import { mediaFile, openMedia } from './libraries/media.js';
import { search } from './searching.js';
import { createDrawing, worldOptions } from './world.js';

export interface ServiceOptions {
  readonly engine: Engine;
  readonly store: VectorStore;
  /** Of files that are opened without following links. */
  readonly decoder: Decoder;
  readonly runCommand: RunCommand;
  /** Name or folder, as `openBackbone` takes it. */
  readonly backbone: string;
  /** Folders that are searched. */
  readonly libraries: readonly Place[];
  /** Folders that may be trained on; a folder that is a library too has the same name. */
  readonly datasets: readonly Place[];
  /** Folders with adapters: those that came with the package, and those that were named. */
  readonly adapters: { readonly shipped: readonly string[]; readonly folders: readonly string[] };
  /** Folder in which is kept what outlives the process. */
  readonly state: string;
  readonly warn: (text: string) => void;
  /** Told of what is a bug of ours. */
  readonly onBug: (error: unknown) => void;
}

export interface RunningService extends Service {
  /** From now on it is not ready: jobs stop and save, nothing new is begun. Then models are let go. */
  close(): Promise<void>;
}

/** Models of a training between epochs are looked at where that takes seconds. */
const CHEAP_PARAMETERS = 5e7;

export async function createService(given: ServiceOptions): Promise<RunningService> {
  const options = { ...given, ...(await withoutLinks(given)) };
  const { engine, store, decoder, runCommand, warn, onBug } = options;
  const state = stateFolder(options.state);
  onnxRuntime(); // what runs models in threads later would fail there
  const opened = await openBackbone(options.backbone);
  const info = infoOf(opened, options.datasets.length > 0);
  const uploads = await openUploads(join(state.temporary, 'uploads'), decoder);
  const libraries = openLibraries(options.libraries, options.datasets);
  const backbone = { name: options.backbone, sha256: opened.sha256 };
  const aside = openAside();
  const adapters = openAdapters({ ...options.adapters, state, engine, aside, backbone, warn });
  const recipes = trainingRecipes(options.datasets, options.backbone);
  const described = memoised((name) => aside.ask('dataset', datasetNamed(name, options.datasets)));
  const takePicture = createPictures(decoder);
  const find = (ref: Parameters<Service['media']>[0]) => mediaFile(ref, { libraries, uploads });
  const models = asking({ engine, adapters, mediaFile: find });
  const examples = createExamples({
    ...{ engine, datasets: options.datasets, temporary: state.temporary, onBug },
    isCheap: info.backbone.parameters < CHEAP_PARAMETERS,
  });
  const folders = foldersOf(options);
  const work = hidingFolders(
    {
      index: indexWork({ engine, store, libraries, adapters }),
      train: trainWork({ state, recipes, examples, runCommand }),
    },
    folders,
  );
  const jobs = await openJobs({ folder: state.jobs, work, onBug, warn });
  let status: Health['status'] = 'ok';

  const service: RunningService = {
    health: () => ({ status }),
    info: async () => info,
    libraries: () => libraries.list((place, scan) => indexesOf(place, scan, { engine, store, adapters })),
    items: libraries.items,
    item: libraries.item,
    async media(ref) {
      const { file, path } = await openMedia(ref, { libraries, uploads });
      return storedFile(file, await mediaTypeOf(file, path));
    },
    async picture(ref, asked) {
      const { path, kind } = await find(ref);
      return takePicture(path, kind, asked);
    },
    search: (request, { signal }) =>
      search(request, { engine, store, backbone: options.backbone, libraries, adapters, mediaFile: find }, signal),
    ...models,
    upload: (body) => uploads.take(body),
    adapters: adapters.list,
    adapter: (name, { signal }) => adapters.details(name, signal),
    adapterFile: adapters.file,
    addAdapter: adapters.add,
    async removeAdapter(name) {
      const isUsed = jobs.list().some((job) => !isOver(job) && job.kind === 'index' && job.request.adapter === name);
      if (isUsed)
        fail('recipe', {
          where: `adapter ${name}`,
          what: 'is being indexed with',
          fix: 'stop that job first, or wait',
        });
      await adapters.remove(name);
      await dropIndexes(name, options.libraries, store);
    },
    datasets: () =>
      Promise.all(
        options.datasets.map((place) => described.get(place.name).catch((error) => unreadDataset(place, error))),
      ),
    jobs: async () => jobs.list(),
    job: async (id) => jobs.job(id),
    jobEvents: jobs.events,
    async startIndex(request) {
      libraries.place(request.library);
      await engine.identity(await adapters.choice(request.adapter)); // or says that it cannot search
      return jobs.start(indexJob(request));
    },
    ...training({ aside, jobs, adapters, state, datasets: options.datasets, backbone: options.backbone }),
    stopJob: jobs.stop,
    resumeJob: jobs.resume,
    finishJob: jobs.finish,
    removeJob: jobs.remove,
    worldOptions: async () => worldOptions(),
    draw: createDrawing(uploads),
    async close() {
      status = 'stopping';
      await jobs.close();
      await aside.close();
      await uploads.close();
    },
  };
  return hidingFolders(service, folders);
}

/** The folders of a server as they really are: files in them are opened without following links. */
async function withoutLinks({ state, adapters }: ServiceOptions): Promise<Pick<ServiceOptions, 'state' | 'adapters'>> {
  await makeFolder(state);
  const real = (folder: string) => realpath(folder).catch(() => folder); // what is not there is said when it is used
  const [shipped, folders] = await Promise.all(
    [adapters.shipped, adapters.folders].map((paths) => Promise.all(paths.map(real))),
  );
  return { state: await real(state), adapters: { shipped: shipped ?? [], folders: folders ?? [] } };
}

/** Folders and names that errors may tell, and what they are called outside. */
const foldersOf = ({ libraries, datasets, adapters, state }: ServiceOptions): ReadonlyMap<string, string> =>
  new Map([
    ...[...datasets, ...libraries].map(({ folder, name }) => [folder, name] as const),
    ...libraries.map(({ indexName, name }) => [indexName, name] as const),
    ...[...adapters.shipped, ...adapters.folders].map((folder) => [folder, 'adapters'] as const),
    [state, 'state'],
  ]);
