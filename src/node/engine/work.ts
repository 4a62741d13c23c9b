// What a worker does with a batch of each kind.

import type { TaskName } from '../../model/index.js';
import { identify } from './identity.js';
import { createLooking } from './looking.js';
import { ask, caption, match, type Observer } from './looks.js';
import { type Batch, type Kind, packError, type Reply, type ResultOf, type WorkerSettings } from './messages.js';
import type { ServedModel } from './model.js';
import { createModels, type Models } from './models.js';
import { readTexts } from './texts.js';
import type { AdapterChoice } from './types.js';

export interface Work {
  /** @returns a reply to every item; it never rejects */
  do(batch: Batch): Promise<readonly Reply<unknown>[]>;
  readonly models: Models;
}

type Does = {
  readonly [K in Kind]: (batch: Batch<K>) => Promise<readonly Reply<ResultOf<K>>[]>;
};

export function createWork(settings: WorkerSettings): Work {
  const looking = createLooking(settings.tokenBytes);
  const models = createModels(settings, looking.forget);
  const does = doesWith(models, async ({ adapters }, task) => ({
    model: await models.open(adapters[0] ?? null, task),
    looking,
  }));

  /** An error of a whole batch may be the fault of one item: the others are computed without it. */
  async function attempt<K extends Kind>(batch: Batch<K>): Promise<readonly Reply<unknown>[]> {
    const { kind, items, adapters } = batch;
    try {
      return await does[kind](batch);
    } catch (error) {
      if (items.length === 1) return [{ error: packError(error) }];
      const replies: Reply<unknown>[] = [];
      for (const [i, item] of items.entries())
        replies.push(...(await attempt({ kind, items: [item], adapters: [adapters[i] ?? null] })));
      return replies;
    }
  }

  return {
    models,
    async do(batch) {
      const replies = await attempt(batch);
      await models.makeRoom();
      return replies;
    },
  };
}

/** @param open  the model of a batch whose items all have the same adapter */
function doesWith(models: Models, open: (batch: Batch, task: TaskName) => Promise<Observer>): Does {
  return {
    async text({ items, adapters }) {
      const opened = new Map<AdapterChoice, ServedModel>();
      for (const adapter of new Set(adapters)) opened.set(adapter, await models.open(adapter, 'retrieval'));
      const each = adapters.map((adapter) => opened.get(adapter) as ServedModel);
      return (await readTexts(items, each)).map((value) => ({ value }));
    },
    async media(batch) {
      const { model, looking } = await open(batch, 'retrieval');
      return looking.features(model, batch.items);
    },
    match: async (batch) => match(await open(batch, 'retrieval'), batch.items),
    ask: async (batch) => ask(await open(batch, 'answering'), batch.items),
    caption: async (batch) => caption(await open(batch, 'captioning'), batch.items),
    identity: async (batch) => [{ value: await identify((await open(batch, 'retrieval')).model) }],
  };
}
