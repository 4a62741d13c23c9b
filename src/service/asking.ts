// Questions, captions and embeddings: requests of the API as work for the engine.

import { fail } from '../error/index.js';
import type { Engine, Answered as EngineAnswered } from '../predict/local/types.js';
import type { Answered, AskRequest, MediaRef, Service } from '../server/index.js';
import { type Used, using } from './libraries/used.js';

export interface AskingTools extends Used {
  readonly engine: Engine;
}

export function asking({ engine, ...used }: AskingTools): Pick<Service, 'ask' | 'caption' | 'embed'> {
  return {
    async ask({ adapter, media, questions, answers, attention }: AskRequest, { signal }) {
      const started = performance.now();
      const options = { answers, attention };
      const answered = await using({ adapter, media: [media] }, used, (folder, [file = '']) =>
        engine.ask(folder, file, questions, options, { signal }),
      );
      return { adapter, answered: answered.map(told), seconds: secondsSince(started) };
    },
    async caption({ adapter, media }, { signal }) {
      const started = performance.now();
      const captions = await using({ adapter, media }, used, (folder, files) =>
        engine.caption(folder, files, { signal }),
      );
      return { adapter, captions: [...captions], seconds: secondsSince(started) };
    },
    async embed({ adapter, texts, media }, { signal }) {
      const [{ width }, ofTexts, ofMedia] = await using({ adapter, media }, used, (folder, files) =>
        Promise.all([
          engine.identity(folder),
          texts.length > 0 ? engine.textFeatures(folder, texts, { signal }) : new Float32Array(),
          files.length > 0 ? engine.mediaFeatures(folder, files, { signal }) : NOTHING,
        ]),
      );
      await refuseUnreadable(ofMedia.unreadable, media, used);
      return { adapter, width, texts: rows(ofTexts, width), media: rows(ofMedia.features, width) };
    },
  };
}

/** @throws missing  when a file is gone; data  when it cannot be decoded */
async function refuseUnreadable(
  unreadable: ReadonlyMap<number, string>,
  media: readonly MediaRef[],
  { mediaFile }: Used,
): Promise<void> {
  for (const [i, problem] of unreadable) {
    await mediaFile(media[i] as MediaRef);
    fail('data', { where: `media.${i}`, what: problem });
  }
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
