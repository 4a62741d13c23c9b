// What a worker does with a batch of each kind.

import { fail, UniAdapterError } from '../../error/index.js';
import type { TaskName } from '../../model/index.js';
import { identify } from './identity.js';
import { createLooking, type Looking } from './looking.js';
import { ask, caption, match, type Observer } from './looks.js';
import {
  type Batch,
  type ItemOf,
  type Kind,
  type Outcome,
  packError,
  type Reply,
  type ResultOf,
  UNWANTED,
  type WorkerSettings,
} from './messages.js';
import type { ServedModel } from './model.js';
import { createModels, type Models } from './models.js';
import { readTexts } from './texts.js';
import type { AdapterChoice } from './types.js';

export interface Work {
  /**
   * Computes a batch, program by program.
   *
   * @param isWanted  asked before each program; once it says no, what is left becomes `stopped`
   * @returns a reply to every item; it never rejects
   */
  do(batch: Batch, isWanted: () => boolean): Promise<readonly Reply<unknown>[]>;
  readonly models: Models;
}

/** A batch whose models are open. */
interface Opened<K extends Kind = Kind> {
  readonly kind: K;
  readonly items: readonly ItemOf<K>[];
  /** Of each item; only texts may be read with different ones. */
  readonly models: readonly ServedModel[];
}

type Does = {
  readonly [K in Kind]: (batch: Opened<K>) => Promise<readonly Reply<ResultOf<K>>[]>;
};

/** What an adapter has to be made for. */
const TASKS: Readonly<Record<Kind, TaskName>> = {
  text: 'retrieval',
  media: 'retrieval',
  match: 'retrieval',
  ask: 'answering',
  caption: 'captioning',
  identity: 'retrieval',
};

export function createWork(settings: WorkerSettings): Work {
  const looking = createLooking(settings.tokenBytes);
  let isStillWanted = () => true;
  const models = createModels(settings, {
    onRelease: looking.forget,
    beforeRun: () => isStillWanted() || fail('stopped', { where: 'engine', what: UNWANTED }),
  });
  const does = doesWith(looking);

  /** The model of each item; an adapter is opened once, and one that cannot be opened fails no item but its own. */
  async function open({ kind, adapters }: Batch): Promise<readonly Outcome<ServedModel>[]> {
    const opened = new Map<AdapterChoice, Outcome<ServedModel>>();
    for (const adapter of new Set(adapters))
      opened.set(
        adapter,
        await models.open(adapter, TASKS[kind]).then(
          (value) => ({ value }),
          (error: unknown) => ({ error: packError(error) }),
        ),
      );
    return adapters.map((adapter) => opened.get(adapter) as Outcome<ServedModel>);
  }

  /** An error of a whole batch may be the fault of one item: the others are computed without it. */
  async function attempt<K extends Kind>(batch: Opened<K>): Promise<readonly Reply<unknown>[]> {
    const { kind, items, models } = batch;
    try {
      return await does[kind](batch);
    } catch (error) {
      const isStopped = error instanceof UniAdapterError && error.code === 'stopped';
      if (items.length === 1 || isStopped) return items.map(() => ({ error: packError(error) }));
      const replies: Reply<unknown>[] = [];
      for (const [i, item] of items.entries())
        replies.push(...(await attempt({ kind, items: [item], models: [models[i] as ServedModel] })));
      return replies;
    }
  }

  return {
    models,
    async do(batch, isWanted) {
      isStillWanted = isWanted;
      const { kind, items } = batch;
      const opened = await open(batch);
      const ready = {
        items: items.filter((_, i) => 'value' in (opened[i] as Outcome<ServedModel>)),
        models: opened.flatMap((outcome) => ('value' in outcome ? outcome.value : [])),
      };
      const done = ready.items.length > 0 ? await attempt({ kind, ...ready }) : [];
      await models.makeRoom();
      let next = 0;
      return opened.map((outcome) => ('error' in outcome ? outcome : (done[next++] as Reply<unknown>)));
    },
  };
}

function doesWith(looking: Looking): Does {
  /** Of a batch whose items all have the same adapter. */
  const observer = ({ models: [model] }: Opened): Observer => ({ model: model as ServedModel, looking });
  return {
    text: async ({ items, models }) => (await readTexts(items, models)).map((value) => ({ value })),
    media: async ({ items, models: [model] }) => looking.features(model as ServedModel, items),
    match: async (batch) => match(observer(batch), batch.items),
    ask: async (batch) => ask(observer(batch), batch.items),
    caption: async (batch) => caption(observer(batch), batch.items),
    identity: async ({ models: [model] }) => [{ value: await identify(model as ServedModel) }],
  };
}
