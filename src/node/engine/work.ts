// What a worker does with a batch of each kind.

import type { Pair } from '../../model/index.js';
import { sizeFor } from './batch-sizes.js';
import { identify } from './identity.js';
import { createLooking, groups, type Looking, type Seen } from './looking.js';
import {
  type Batch,
  type ItemOf,
  type Kind,
  type Outcome,
  packError,
  type Question,
  type ResultOf,
  type TextAndFile,
  type WorkerSettings,
} from './messages.js';
import type { Frames, ServedModel } from './model.js';
import { createModels, type Models } from './models.js';
import type { AdapterChoice, Answered, Attention, Match } from './types.js';

export interface Work {
  /** @returns an outcome for every item; it never rejects */
  do(batch: Batch): Promise<readonly Outcome<unknown>[]>;
  readonly models: Models;
}

type Does = {
  readonly [K in Kind]: (
    adapter: AdapterChoice,
    items: readonly ItemOf<K>[],
  ) => Promise<readonly Outcome<ResultOf<K>>[]>;
};

export function createWork(settings: WorkerSettings): Work {
  const looking = createLooking(settings.tokenBytes);
  const models = createModels(settings, looking.forget);
  const does: Does = {
    text: async (adapter, texts) => encodeTexts(await models.open(adapter, 'retrieval'), texts),
    media: async (adapter, files) =>
      (await looking.features(await models.open(adapter, 'retrieval'), files)).map((value) => ({ value })),
    match: async (adapter, pairs) => match(await models.open(adapter, 'retrieval'), looking, pairs),
    ask: async (adapter, questions) => ask(await models.open(adapter, 'answering'), looking, questions),
    caption: async (adapter, files) => caption(await models.open(adapter, 'captioning'), looking, files),
    identity: async (adapter) => [{ value: await identify(await models.open(adapter, 'retrieval')) }],
  };

  /** An error of a whole batch may be the fault of one item: the others are computed without it. */
  async function attempt<K extends Kind>({ kind, adapter, items }: Batch<K>): Promise<readonly Outcome<unknown>[]> {
    try {
      return await does[kind](adapter, items);
    } catch (error) {
      if (items.length === 1) return [{ error: packError(error) }];
      const outcomes: Outcome<unknown>[] = [];
      for (const item of items) outcomes.push(...(await attempt({ kind, adapter, items: [item] })));
      return outcomes;
    }
  }
  return { do: attempt, models };
}

async function encodeTexts({ model, programs }: ServedModel, texts: readonly string[]) {
  const features = await (await programs.texts(sizeFor(texts.length))).features(texts);
  const P = model.config.projection;
  return texts.map((_, i) => ({ value: features.slice(i * P, (i + 1) * P) }));
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
  const { programs, codec } = model;
  return lookTogether<TextAndFile, Match>(model, looking, pairs, {
    fileOf: ({ file }) => file,
    async look({ frames, items, media, batch, size, tokens }) {
      const texts = [...new Set(items.map(({ text }) => text))];
      const F = frames ?? 1;
      const features = await featuresToWeighBy(model, F, texts);
      const matcher = await programs.matcher(frames, batch, size);
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
  return (await programs.texts(sizeFor(texts.length))).features(texts);
}

function ask(model: ServedModel, looking: Looking, questions: readonly Question[]) {
  return lookTogether<Question, Answered>(model, looking, questions, {
    fileOf: ({ file }) => file,
    async look(together) {
      const { frames, items, media, batch, size, tokens } = together;
      const sources = { tokens, ...model.codec.questions(items.map(({ question }) => question)) };
      const pairs = items.map((_, i) => ({ media: media[i] as number, text: i }));
      const answered = await (await model.programs.answerer(frames, batch, size)).answer(pairs, sources);
      const results = answered.map(({ answers, frameWeights }, i) => {
        const { question, answers: wanted } = items[i] as Question;
        const weights = frameWeights && { frameWeights: [...frameWeights] };
        return { question, answers: answers.slice(0, wanted), ...weights };
      });
      const shown = [...items.keys()].filter((i) => items[i]?.attention);
      if (shown.length === 0) return results;
      const best = shown.map((i) => answered[i]?.answers[0]?.answer ?? '');
      const attention = await model.programs.attention(frames, batch, size);
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
      const captioner = await model.programs.captioner(frames, size);
      return captioner.captions((item) => tokens(media[item] as number), items.length);
    },
  });
}
