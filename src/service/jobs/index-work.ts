// The making of an index as a job, in this process: models wait for it only while nobody else asks them something.

import type { Engine } from '../../predict/local/types.js';
import { indexLibrary } from '../../search/build.js';
import type { VectorStore } from '../../search/types.js';
import { type IndexRequest, indexRequestSchema, type Job } from '../../server/index.js';
import type { Adapters } from '../adapters/adapters.js';
import type { Libraries } from '../libraries/libraries.js';
import type { Work } from './jobs.js';

export interface IndexTools {
  readonly engine: Engine;
  readonly store: VectorStore;
  readonly libraries: Libraries;
  readonly adapters: Adapters;
}

export function indexWork({ engine, store, libraries, adapters }: IndexTools): Work {
  return async ({ request }, tell, signal) => {
    const { library: name, adapter: adapterName } = indexRequestSchema.parse(request);
    const { indexName, folder } = libraries.place(name);
    const library = { name: indexName, folder };
    const adapter = await adapters.choice(adapterName);
    let files = 0;
    for await (const event of indexLibrary(library, { engine, store, adapter, adapterName, signal })) {
      if (event.type === 'plan') libraries.forget(name); // it has been looked through just now
      if (event.type === 'plan') files = event.files + event.captions;
      if (event.type === 'unreadable') tell.event({ type: 'unreadable', path: event.path, problem: event.problem });
      if (event.type === 'progress') tell.progress(event.done, event.all, event.secondsLeft);
      if (event.type === 'interrupted') return 'stopped';
      if (event.type === 'done') tell.progress(files, files, 0);
    }
    return 'done';
  };
}

/** What such a job is asked for. */
export const indexJob = (request: IndexRequest): Pick<Job, 'kind' | 'title' | 'request'> => ({
  kind: 'index',
  title: request.adapter === 'none' ? `Index ${request.library}` : `Index ${request.library} under ${request.adapter}`,
  request: { ...request },
});
