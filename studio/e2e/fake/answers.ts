// Make-believe answers, captions and embeddings: a model that often sees what is drawn, an adapter that does so more often.

import type { Hono } from 'hono';
import {
  type Answered,
  type AskRequest,
  type Attention,
  askRequestSchema,
  captionRequestSchema,
  embedRequestSchema,
  type MediaRef,
} from '../../../src/server/schema/index.js';
import { problemResponse } from './problem.js';
import { captionsOf, picker, type Scene } from './scenes.js';
import type { FakeState } from './state.js';

export function answerRoutes(app: Hono, state: FakeState): void {
  app.post('/v1/ask', async (context) => {
    const request = askRequestSchema.parse(await context.req.json());
    const scene = sceneAt(state, request.media);
    if (!scene) return problemResponse(context, GONE);
    const answered = request.questions.map((question) => answer(scene, question, request));
    return context.json({ adapter: request.adapter, answered, seconds: 0.042 });
  });
  app.post('/v1/caption', async (context) => {
    const { adapter, media } = captionRequestSchema.parse(await context.req.json());
    const scenes = media.map((ref) => sceneAt(state, ref));
    if (!scenes.every((scene) => scene !== undefined)) return problemResponse(context, GONE);
    return context.json({
      adapter,
      captions: scenes.map((scene) => `a picture of ${captionsOf(scene)[0]}`),
      seconds: 0.2,
    });
  });
  app.post('/v1/embed', async (context) => {
    const { adapter, texts, media } = embedRequestSchema.parse(await context.req.json());
    const scenes = media.map((ref) => sceneAt(state, ref));
    if (!scenes.every((scene) => scene !== undefined)) return problemResponse(context, GONE);
    const told = scenes.map((scene) => feature(captionsOf(scene)[0] ?? '', adapter));
    return context.json({ adapter, width: WIDTH, texts: texts.map((text) => feature(text, 'none')), media: told });
  });
}

const GONE = {
  ...{ status: 404, code: 'missing', where: 'upload', what: 'the file is not kept any more' },
  fix: 'uploads are kept for an hour; send it again',
};

function sceneAt(state: FakeState, media: MediaRef): Scene | undefined {
  if ('upload' in media) return state.uploads.get(media.upload)?.scene;
  return state.items.find(({ item }) => item.id === media.item && item.library === media.library)?.scene;
}

/** What can be asked about a scene, with the answers. */
export function questionsOf({ things, place, motion }: Scene) {
  const [first] = things;
  if (!first) return [];
  const others =
    things.length > 1 ? [{ type: 'total', question: 'how many objects are there', answer: `${things.length}` }] : [];
  return [
    { type: 'colour', question: `what color is the ${first.noun}`, answer: first.colour },
    motion
      ? { type: 'action', question: `what happens to the ${first.noun}`, answer: motion }
      : { type: 'where', question: 'where is this', answer: place },
    ...others,
  ];
}

const ANSWERS = [
  'red',
  'blue',
  'green',
  'yellow',
  'white',
  'at the sea',
  'in a meadow',
  '2',
  '3',
  'yes',
  'a boat',
  'rises',
];

function answer(scene: Scene, question: string, { adapter, answers, attention }: AskRequest): Answered {
  const truth = questionsOf(scene).find((known) => known.question === question)?.answer;
  const pick = picker(scene.seed * 7 + question.length * 13 + adapter.length);
  const knows = pick() < (adapter === 'none' ? 0.55 : 0.85);
  const others = ANSWERS.filter((other) => other !== truth).toSorted(() => pick() - 0.5);
  const ranked = (
    truth === undefined ? others : knows ? [truth, ...others] : [others[0] as string, truth, ...others.slice(1)]
  ).slice(0, answers);
  const weights = ranked.map((_, i) => Math.exp(-1.1 * i - pick() * 0.4));
  const sum = weights.reduce((total, weight) => total + weight, 0.12);
  return {
    question,
    answers: ranked.map((text, i) => ({ answer: text, probability: (weights[i] as number) / sum })),
    ...(scene.motion !== null && { frameWeights: [0.5, 0.8, 1.5, 1.2] }),
    ...(attention && { attention: attentionOn(scene) }),
  };
}

const EDGE = 12;
const FRAMES = 4;

/** Looks at the first thing; in clips at where it goes. */
function attentionOn({ things, motion }: Scene): Attention {
  const x = (things[0]?.x ?? 0.5) * EDGE;
  const y = 0.7 * EDGE;
  const frames = Array.from({ length: motion === null ? 1 : FRAMES }, (_, frame) =>
    Array.from({ length: EDGE * EDGE }, (_, cell) => {
      const dx = (cell % EDGE) + 0.5 - x - (motion === null ? 0 : frame * 0.8);
      const dy = Math.floor(cell / EDGE) + 0.5 - y;
      return (motion === null ? 1 : 0.55 + 0.15 * frame) * Math.exp(-(dx * dx + dy * dy) / 5);
    }),
  );
  return { rows: EDGE, columns: EDGE, frames };
}

const WIDTH = 32;

/** Words hashed into a vector of unit length, with a little noise of the adapter. */
function feature(text: string, adapter: string): number[] {
  const vector = new Array<number>(WIDTH).fill(0);
  const noise = picker(text.length * 31 + adapter.length);
  for (const word of text.split(' ')) {
    const pick = picker([...word].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 1e6);
    for (let i = 0; i < WIDTH; i++) vector[i] = (vector[i] as number) + pick() - 0.5;
  }
  const noisy = vector.map((value) => value + (adapter === 'none' ? 1.1 : 0.4) * (noise() - 0.5));
  const length = Math.hypot(...noisy);
  return noisy.map((value) => value / length);
}
