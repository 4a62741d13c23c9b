// What a worker does with a batch of each kind.

import type { Pair, TaskName } from '../../model/index.js';
import { sizeFor } from './batch-sizes.js';
import { identify } from './identity.js';
import { createLooking, groups, type Looking, type Seen } from './looking.js';
import {
  type Batch,
  type Kind,
  type Outcome,
  packError,
  type Question,
  type ResultOf,
  type TextAndFile,
  type WorkerSettings,
} from './messages.js';
import type { ServedModel } from './model.js';
import { createModels, type Models } from './models.js';
import type { Frames } from './programs.js';
import { readTexts } from './texts.js';
import type { AdapterChoice, Answered, Attention, Match } from './types.js';

export interface Work {
  /** @returns an outcome for every item; it never rejects */
  do(batch: Batch): Promise<readonly Outcome<unknown>[]>;
  readonly models: Models;
}

type Does = {
  readonly [K in Kind]: (batch: Batch<K>) => Promise<readonly Outcome<ResultOf<K>>[]>;
};

export function createWork(settings: WorkerSettings): Work {
  const looking = createLooking(settings.tokenBytes);
  const models = createModels(settings, looking.forget);
  const open = ({ adapters }: Batch, task: TaskName) => models.open(adapters[0] ?? null, task);
  const does: Does = {
    async text({ items, adapters }) {
      const opened = new Map<AdapterChoice, ServedModel>();
      for (const adapter of new Set(adapters)) opened.set(adapter, await models.open(adapter, 'retrieval'));
      const each = adapters.map((adapter) => opened.get(adapter) as ServedModel);
      return (await readTexts(items, each)).map((value) => ({ value }));
    },
    async media(batch) {
      const found = await looking.features(await open(batch, 'retrieval'), batch.items);
      return found.map((value) => ({ value }));
    },
    match: async (batch) => match(await open(batch, 'retrieval'), looking, batch.items),
    ask: async (batch) => ask(await open(batch, 'answering'), looking, batch.items),
    caption: async (batch) => caption(await open(batch, 'captioning'), looking, batch.items),
    identity: async (batch) => [{ value: await identify(await open(batch, 'retrieval')) }],
  };

  /** An error of a whole batch may be the fault of one item: the others are computed without it. */
  async function attempt<K extends Kind>(batch: Batch<K>): Promise<readonly Outcome<unknown>[]> {
    const { kind, items, adapters } = batch;
    try {
      return await does[kind](batch);
    } catch (error) {
      if (items.length === 1) return [{ error: packError(error) }];
      const outcomes: Outcome<unknown>[] = [];
      for (const [i, item] of items.entries())
        outcomes.push(...(await attempt({ kind, items: [item], adapters: [adapters[i] ?? null] })));
      return outcomes;
    }
  }
  return { do: attempt, models };
}

/** What each item of a batch gets from its file, by groups of as many frames that a program takes at once. */
async function lookTogether<T, R>(
  model: ServedModel,
  looking: Looking,
  items: readonly T[],
  how: {
    readonly fileOf: (item: T) => string;
    readonly look: (group: Together<T>) => Promise<readonly R[]>;
  },
): Promise<readonly Outcome<R>[]> {
  const { fileOf, look } = how;
  const seen = await looking.tokens(model, items.map(fileOf));
  const outcomes: Outcome<R>[] = [];
  const readable: { readonly i: number; readonly item: T; readonly seen: Seen }[] = [];
  for (const [i, item] of items.entries()) {
    const outcome = seen.get(fileOf(item)) as Outcome<Seen>;
    if ('error' in outcome) outcomes[i] = outcome;
    else readable.push({ i, item, seen: outcome.value });
  }
  for (const { of: frames, members } of groups(readable, ({ seen }) => seen.frames)) {
    const atOnce = model.seenAtOnce(frames);
    for (let from = 0; from < members.length; from += atOnce) {
      const some = members.slice(from, from + atOnce);
      const files = [...new Set(some.map(({ seen }) => seen))];
      const results = await look({
        frames,
        items: some.map(({ item }) => item),
        media: some.map(({ seen }) => files.indexOf(seen)),
        batch: files.length === 1 ? 1 : sizeFor(some.length),
        size: sizeFor(some.length),
        tokens: async (media) => (files[media] as Seen).tokens,
      });
      for (const [at, { i }] of some.entries()) outcomes[i] = { value: results[at] as R };
    }
  }
  return outcomes;
}

/** Items that are computed at once, and what they look at. */
interface Together<T> {
  readonly frames: Frames;
  readonly items: readonly T[];
  /** Number of the file of each. */
  readonly media: readonly number[];
  /** Files, and items, that the program takes. */
  readonly batch: number;
  readonly size: number;
  /** f32 [F·N, D] of a file. */
  readonly tokens: (media: number) => Promise<Float32Array>;
}

function match(model: ServedModel, looking: Looking, pairs: readonly TextAndFile[]) {
  const { codec } = model;
  return lookTogether<TextAndFile, Match>(model, looking, pairs, {
    fileOf: ({ file }) => file,
    async look({ frames, items, media, batch, size, tokens }) {
      const texts = [...new Set(items.map(({ text }) => text))];
      const F = frames ?? 1;
      const features = await featuresToWeighBy(model, F, texts);
      const matcher = await model.programs().matcher(frames, batch, size);
      const { logits, frameWeights } = await matcher.scores(
        items.map(({ text }, i) => ({ media: media[i] as number, text: texts.indexOf(text) })),
        { tokens, features, ...codec.captions(texts) },
      );
      return items.map((_, i) => ({
        logit: logits[i] as number,
        ...(frameWeights && { frameWeights: [...frameWeights.subarray(i * F, (i + 1) * F)] }),
      }));
    },
  });
}

/** f32 [texts, P]; zeros where frames are not weighed. */
async function featuresToWeighBy({ model, programs }: ServedModel, frames: number, texts: readonly string[]) {
  if (frames === 1 || !model.method.frameAware) return new Float32Array(texts.length * model.config.projection);
  return (await programs().texts(sizeFor(texts.length))).features(texts);
}

function ask(model: ServedModel, looking: Looking, questions: readonly Question[]) {
  return lookTogether<Question, Answered>(model, looking, questions, {
    fileOf: ({ file }) => file,
    async look(together) {
      const { frames, items, media, batch, size, tokens } = together;
      const sources = { tokens, ...model.codec.questions(items.map(({ question }) => question)) };
      const pairs = items.map((_, i) => ({ media: media[i] as number, text: i }));
      const answered = await (await model.programs().answerer(frames, batch, size)).answer(pairs, sources);
      const results = answered.map(({ answers, frameWeights }, i) => {
        const { question, answers: wanted } = items[i] as Question;
        const weights = frameWeights && { frameWeights: [...frameWeights] };
        return { question, answers: answers.slice(0, wanted), ...weights };
      });
      const shown = [...items.keys()].filter((i) => items[i]?.attention);
      if (shown.length === 0) return results;
      const best = shown.map((i) => answered[i]?.answers[0]?.answer ?? '');
      const attention = await model.programs().attention(frames, batch, size);
      const maps = await attention.maps(
        shown.map((i) => pairs[i] as Pair),
        best,
        sources,
      );
      return results.map((result, i) => {
        const map = maps[shown.indexOf(i)];
        return map ? { ...result, attention: perFrame(map, frames ?? 1) } : result;
      });
    },
  });
}

/** @param map  f32 [F · rows · columns] */
function perFrame(map: Float32Array, frames: number): Attention {
  const each = map.length / frames;
  const side = Math.sqrt(each);
  return {
    rows: side,
    columns: side,
    frames: Array.from({ length: frames }, (_, f) => map.slice(f * each, (f + 1) * each)),
  };
}

function caption(model: ServedModel, looking: Looking, files: readonly string[]) {
  return lookTogether<string, string>(model, looking, files, {
    fileOf: (file) => file,
    async look({ frames, items, media, size, tokens }) {
      const captioner = await model.programs().captioner(frames, size);
      return captioner.captions((item) => tokens(media[item] as number), items.length);
    },
  });
}
