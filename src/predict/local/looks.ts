// What is computed by looking at files: how well texts match, answers to questions, captions.

import type { Pair } from '../programs/index.js';
import { MATCHED_AT_ONCE } from '../programs/index.js';
import { sizeFor } from './batch-sizes.js';
import type { Looking } from './looking.js';
import type { Outcome, Question, TextAndFile } from './messages.js';
import type { ServedModel } from './model.js';
import { lookTogether, type Together } from './together.js';
import type { Answered, Attention, Match } from './types.js';

/** A model, and what it has seen lately. */
export interface Observer {
  readonly model: ServedModel;
  readonly looking: Looking;
}

export async function match(who: Observer, pairs: readonly TextAndFile[]): Promise<readonly Outcome<Match | null>[]> {
  const outcomes = await lookTogether(who, pairs, {
    fileOf: ({ file }) => file,
    filesAtOnce: MATCHED_AT_ONCE,
    look: (together) => matchTogether(who.model, together),
  });
  const isUnreadable = (outcome: Outcome<Match>) => 'error' in outcome && ['file', 'data'].includes(outcome.error.code);
  return outcomes.map((outcome) => (isUnreadable(outcome) ? { value: null } : outcome));
}

async function matchTogether(model: ServedModel, together: Together<TextAndFile>): Promise<readonly Match[]> {
  const { frames, items, media, batch, size, tokens } = together;
  const F = frames ?? 1;
  const texts = [...new Set(items.map(({ text }) => text))];
  const features = await featuresToWeighBy(model, F, texts);
  const pairs = items.map(({ text }, i) => ({ media: media[i] as number, text: texts.indexOf(text) }));
  const matcher = await model.programs().matcher(frames, batch, size);
  const { logits, frameWeights } = await matcher.scores(pairs, { tokens, features, ...model.codec.captions(texts) });
  return items.map((_, i) => ({
    logit: logits[i] as number,
    ...(frameWeights && { frameWeights: [...frameWeights.subarray(i * F, (i + 1) * F)] }),
  }));
}

/** f32 [texts, P]; zeros where frames are not weighed. */
async function featuresToWeighBy({ model, programs }: ServedModel, frames: number, texts: readonly string[]) {
  if (frames === 1 || !model.method.frameAware) return new Float32Array(texts.length * model.config.projection);
  return (await programs().texts(sizeFor(texts.length))).features(texts);
}

export const ask = (who: Observer, questions: readonly Question[]): Promise<readonly Outcome<Answered>[]> =>
  lookTogether(who, questions, { fileOf: ({ file }) => file, look: (together) => askTogether(who.model, together) });

async function askTogether(model: ServedModel, together: Together<Question>): Promise<readonly Answered[]> {
  const { frames, items, media, batch, size, tokens } = together;
  const sources = { tokens, ...model.codec.questions(items.map(({ question }) => question)) };
  const pairs = items.map((_, i): Pair => ({ media: media[i] as number, text: i }));
  const answerer = await model.programs().answerer(frames, batch, size);
  const answered = await answerer.answer(pairs, sources);
  const shown = [...items.keys()].filter((i) => items[i]?.attention);
  const maps = await attentionTo(shown);
  return items.map(({ question, answers: wanted }, i) => {
    const { answers, frameWeights } = answered[i] as (typeof answered)[0];
    const attention = maps[shown.indexOf(i)];
    return {
      question,
      answers: answers.slice(0, wanted),
      ...(frameWeights && { frameWeights: [...frameWeights] }),
      ...(attention && { attention: perFrame(attention, frames ?? 1) }),
    };
  });

  /** Where it looked for the best answers to some of the questions. */
  async function attentionTo(some: readonly number[]): Promise<readonly Float32Array[]> {
    if (some.length === 0) return [];
    const best = some.map((i) => answered[i]?.answers[0]?.answer ?? '');
    const attention = await model.programs().attention(frames, batch, size);
    return attention.maps(
      some.map((i) => pairs[i] as Pair),
      best,
      sources,
    );
  }
}

/** @param map  f32 [F · rows · columns] */
function perFrame(map: Float32Array, frames: number): Attention {
  const each = map.length / frames;
  const side = Math.sqrt(each);
  const of = (frame: number) => map.slice(frame * each, (frame + 1) * each);
  return { rows: side, columns: side, frames: Array.from({ length: frames }, (_, frame) => of(frame)) };
}

export const caption = (who: Observer, files: readonly string[]): Promise<readonly Outcome<string>[]> =>
  lookTogether(who, files, {
    fileOf: (file) => file,
    async look({ frames, items, media, size, tokens }) {
      const captioner = await who.model.programs().captioner(frames, size);
      return captioner.captions((item) => tokens(media[item] as number), items.length);
    },
  });
