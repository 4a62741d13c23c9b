// A server from a command line: models, vectors, the machine behind the API, the API, sockets; and its end.

import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UniAdapterError } from '../../error/index.js';
import { makeFolder } from '../../files/files.js';
import { hold } from '../../files/lock.js';
import { openReal } from '../../files/opened.js';
import { openEngine } from '../../predict/engine/engine.js';
import { createServer, type IndexRequest, NO_ADAPTER } from '../../server/index.js';
import { LIMITS } from '../../service/files/limits.js';
import { stateFolder } from '../../service/files/state.js';
import { isOver } from '../../service/jobs/job-log.js';
import { type Given, type Places, placesOf } from '../../service/libraries/places.js';
import { createService, type RunningService } from '../../service/service.js';
import { version } from '../../weights/store/adapter-folder.js';
import { createDecoder } from '../media/decoder.js';
import { openStore } from '../vectors/open-store.js';
import { builtAssets } from './assets.js';
import { runCommand } from './child.js';
import { listen, refuseOpen } from './listen.js';
import type { ServerLog } from './log.js';
import { createMetrics } from './metrics.js';

export interface StartOptions extends Given {
  readonly host: string;
  /** Null takes 3000, or the next one that is free. */
  readonly port: number | null;
  readonly token: string | null;
  /** Folder in which is kept what outlives the process. */
  readonly state: string;
  readonly log: ServerLog;
}

export interface Started extends Omit<Places, 'adapters'> {
  /** Names of those that can be used. */
  readonly adapters: readonly string[];
  /** As a browser takes it. */
  readonly url: string;
  /** Answers what runs, saves jobs, and ends. */
  close(): Promise<void>;
}

/** Requests that run may end in this time. */
const GRACE_MS = 10_000;

/** @throws recipe, file or data  when something is not as it should be: before anything is served */
export async function startServer(options: StartOptions): Promise<Started> {
  const { host, port, token, backbone, log } = options;
  const state = resolve(options.state);
  refuseOpen(host, token);
  const places = await placesOf(options);
  const closing: (() => Promise<void>)[] = []; // the last that was opened is the first to be closed
  const opened = <T extends { close(): Promise<void> }>(one: T): T => {
    closing.unshift(one.close);
    return one;
  };
  const closeAll = async () => {
    for (const close of closing.splice(0)) await close();
  };
  try {
    await makeFolder(state);
    const lock = await hold(join(state, 'lock'), {
      where: state,
      what: 'another server keeps its state there',
      fix: 'end it, or name another folder with --state',
    });
    closing.unshift(async () => lock[Symbol.asyncDispose]());
    await rm(stateFolder(state).temporary, { recursive: true, force: true }); // what a crash left
    const metrics = createMetrics({ engine: () => engine, jobs: () => service.jobs() });
    const engine = opened(await openEngine({ backbone, waiting: LIMITS.waiting, onBatch: metrics.batch }));
    const store = opened(await openStore(options.store ?? stateFolder(state).vectors));
    const service: RunningService = opened(
      await createService({
        ...{ ...places, engine, store, backbone, state, decoder: createDecoder(openReal), runCommand },
        ...{ warn: log.warn, onBug: log.bug },
      }),
    );
    const api = createServer(service, {
      ...{ version, limits: LIMITS, token, assets: builtAssets, log: log.request, metrics },
    });
    const listening = await listen({ fetch: api.fetch, host, port });
    closing.unshift(async () => {
      const served = listening.close(GRACE_MS);
      await service.close(); // ends jobs, and with them the listeners of their events
      await served;
    });
    await indexWhatIsNew(service, log);
    const adapters = (await service.adapters()).map(({ name }) => name);
    return { ...places, adapters, url: listening.url, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/**
 * Libraries that have no index yet get one, without an adapter; samples also under each adapter that came with them.
 * The server is of use meanwhile.
 */
async function indexWhatIsNew(service: RunningService, log: ServerLog): Promise<void> {
  const planned = (await service.jobs()).filter((job) => job.kind === 'index' && !isOver(job));
  const shipped = (await service.adapters()).filter(({ origin, task }) => origin === 'shipped' && task === 'retrieval');
  const wanted = (await service.libraries()).flatMap(({ name: library, isSample, indexes }) =>
    [NO_ADAPTER, ...(isSample ? shipped.map(({ name }) => name) : [])]
      .filter((adapter) => !indexes.some((index) => index.adapter === adapter && index.isCurrent))
      .map((adapter) => ({ library, adapter })),
  );
  for (const request of wanted)
    if (!planned.some((job) => job.request.library === request.library && job.request.adapter === request.adapter))
      await index(request, service, log);
}

async function index(request: IndexRequest, service: RunningService, log: ServerLog): Promise<void> {
  try {
    const { title } = await service.startIndex(request);
    log.info(title);
  } catch (error) {
    if (!(error instanceof UniAdapterError)) throw error;
    log.warn(`${request.library} is not indexed: ${error.message}`); // too many jobs wait already, say
  }
}
