// Questions, captions and embeddings: requests of the API as work for the engine.

import { fail } from '../../error/index.js';
import type { Answered, AskRequest, MediaRef, Service } from '../../server/index.js';
import type { Engine, Answered as EngineAnswered } from '../engine/types.js';
import type { Adapters } from './adapters.js';
import type { MediaFile } from './media.js';

export interface AskingTools {
  readonly engine: Engine;
  readonly adapters: Pick<Adapters, 'choice'>;
  readonly mediaFile: (ref: MediaRef) => Promise<MediaFile>;
}

export function asking({ engine, adapters, mediaFile }: AskingTools): Pick<Service, 'ask' | 'caption' | 'embed'> {
  const pathOf = async (ref: MediaRef) => (await mediaFile(ref)).path;
  return {
    async ask({ adapter, media, questions, answers, attention }: AskRequest, { signal }) {
      const started = performance.now();
      const options = { answers, attention };
      const answered = await engine.ask(await adapters.choice(adapter), await pathOf(media), questions, options, {
        signal,
      });
      return { adapter, answered: answered.map(told), seconds: secondsSince(started) };
    },
    async caption({ adapter, media }, { signal }) {
      const started = performance.now();
      const files = await Promise.all(media.map(pathOf));
      const captions = await engine.caption(await adapters.choice(adapter), files, { signal });
      return { adapter, captions: [...captions], seconds: secondsSince(started) };
    },
    async embed({ adapter, texts, media }, { signal }) {
      const choice = await adapters.choice(adapter);
      const files = await Promise.all(media.map(pathOf));
      const [{ width }, ofTexts, ofMedia] = await Promise.all([
        engine.identity(choice),
        texts.length > 0 ? engine.textFeatures(choice, texts, { signal }) : new Float32Array(),
        files.length > 0 ? engine.mediaFeatures(choice, files, { signal }) : NOTHING,
      ]);
      for (const [i, problem] of ofMedia.unreadable) fail('data', { where: `media.${i}`, what: problem });
      return { adapter, width, texts: rows(ofTexts, width), media: rows(ofMedia.features, width) };
    },
  };
}

const NOTHING = { features: new Float32Array(), unreadable: new Map<number, string>() };

function told({ question, answers, frameWeights, attention }: EngineAnswered): Answered {
  return {
    question,
    answers: answers.map(({ answer, probability }) => ({ answer, probability })),
    ...(frameWeights && { frameWeights: [...frameWeights] }),
    ...(attention && { attention: { ...attention, frames: attention.frames.map((frame) => [...frame]) } }),
  };
}

const rows = (features: Float32Array, width: number): number[][] =>
  Array.from({ length: features.length / width }, (_, i) => [...features.subarray(i * width, (i + 1) * width)]);

const secondsSince = (started: number): number => (performance.now() - started) / 1000;
