// Make-believe trainings: a loss that falls, scores that rise, examples that get better, all within seconds.

import type { Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import {
  type Example,
  type Job,
  type JobEvent,
  type TrainPlan,
  type TrainRequest,
  trainRequestSchema,
} from '../../../src/server/schema/index.js';
import { adapterOf } from './adapters.js';
import { questionsOf } from './answers.js';
import { isOver } from './jobs.js';
import { problemResponse } from './problem.js';
import { captionsOf, picker } from './scenes.js';
import type { FakeState } from './state.js';

const STEPS_PER_EPOCH = 20;
const TRAINABLE = 151_682;
const ALL = 2_310_000 + TRAINABLE;

export function trainingRoutes(app: Hono, state: FakeState): void {
  const found = (context: Context) => state.jobs.find(({ id }) => id === context.req.param('id'));
  app.get('/v1/datasets', (context) => context.json(state.datasets));
  app.post('/v1/train/plan', async (context) =>
    context.json(planOf(state, trainRequestSchema.parse(await context.req.json()))),
  );
  app.post('/v1/jobs/train', async (context) => {
    const request = trainRequestSchema.parse(await context.req.json());
    return context.json(startTraining(state, request), 202);
  });
  app.post('/v1/jobs/:id/:how{stop|resume|finish}', (context) => {
    const job = found(context);
    if (!job) return problemResponse(context, { status: 404, code: 'missing', what: 'there is no such job' });
    const how = context.req.param('how');
    if (how === 'finish') {
      Object.assign(job, { done: job.all });
      finish(state, job, readRecipe((job.request as TrainRequest).recipe).task);
      return context.json(job);
    }
    change(state, job, how === 'stop' ? 'stopped' : 'running');
    if (job.state === 'running') run(state, job);
    return context.json(job);
  });
  app.get('/v1/jobs/:id/events', async (context, next) => {
    const job = found(context);
    if (job?.kind !== 'train') return next();
    let sent = Number(context.req.query('after') ?? context.req.header('last-event-id') ?? 0);
    return streamSSE(context, async (stream) => {
      while (!stream.aborted) {
        const isLast = isOver(job);
        const events = eventsOf(state, job).slice(sent);
        for (const event of events)
          await stream.writeSSE({ id: `${++sent}`, event: event.type, data: JSON.stringify(event) });
        if (isLast) return;
        await stream.sleep(20);
      }
    });
  });
}

function planOf(state: FakeState, { recipe }: TrainRequest): TrainPlan {
  const { task, epochs, batch, name } = readRecipe(recipe);
  const dataset = state.datasets.find((other) => other.name === (recipe.data as { path: string }).path);
  const share = { full: 1, lora: 0.018, heads: 0.006 }[name] ?? 0.062;
  const trainable = Math.round(ALL * share);
  const modules = ['visual_encoder', 'text_encoder', 'vision_proj', 'text_proj', 'itm_head'];
  return {
    ...{ task, method: name, items: dataset?.splits ?? { train: 0, val: 0, test: 0 }, kind: dataset?.kind ?? 'images' },
    frames: dataset?.kind === 'videos' ? 4 : null,
    parameters: { trainable, all: ALL },
    modules: modules.map((module, i) => ({
      module,
      parameters: Math.round(trainable * ([0.4, 0.5, 0.04, 0.04, 0.02][i] ?? 0)),
    })),
    ...{
      memoryBytes: 4e8 + batch * 9e6,
      freeBytes: 3.1e9,
      pieces: batch > 128 ? 4 : 1,
      steps: epochs * STEPS_PER_EPOCH,
      epochs,
    },
    settings: { learningRate: 0.012, warmupSteps: 5, augment: 'none', flip: false, evaluateEvery: 1, patience: 5 },
    decided: ['optimiser.learningRate'],
    problems: [...state.planProblems],
    leftOut: [...state.planLeftOut],
  };
}

interface Wanted {
  readonly task: Example['task'];
  readonly epochs: number;
  readonly batch: number;
  readonly name: string;
}

function readRecipe(recipe: TrainRequest['recipe']): Wanted {
  const { epochs, batch } = recipe.train as { epochs: number; batch: number };
  const { name } = recipe.method as { name: string };
  return { task: recipe.task as Example['task'], epochs, batch, name };
}

/** Starts one; `state.stepMs` says how fast it is, `state.lastStep` where it waits. */
export function startTraining(state: FakeState, request: TrainRequest): Job {
  const { epochs } = readRecipe(request.recipe);
  const job: Job = {
    ...{
      id: `train-${state.jobs.length + 1}`,
      kind: 'train',
      title: request.name,
      state: 'running',
      error: null,
      request,
    },
    ...{ done: 0, all: epochs * STEPS_PER_EPOCH, secondsLeft: null, created: new Date().toISOString(), finished: null },
  };
  state.jobs.push(job);
  tell(state, job, { type: 'job', job: { ...job } });
  run(state, job);
  return job;
}

function run(state: FakeState, job: Job): void {
  const { epochs, batch, task, name } = readRecipe((job.request as TrainRequest).recipe);
  const { items } = planOf(state, job.request as TrainRequest);
  const plan = {
    type: 'plan',
    run: job.title,
    task,
    method: name,
    parameters: { trainable: TRAINABLE, all: ALL },
    items,
  };
  const more = { samples: 2 * items.train, frames: null, epochs, steps: job.all, batch, resumedAt: job.done };
  tell(state, job, { type: 'train', event: { ...plan, ...more, memory: { piece: null, bytes: 4e8 } } });
  if (job.done === 0) tell(state, job, { type: 'examples', epoch: 0, examples: examplesOf(state, task, 0) });
  const timer = setInterval(() => {
    if (job.state !== 'running') return clearInterval(timer);
    if (job.done >= state.lastStep) return;
    step(state, job, task);
    if (job.done === job.all) finish(state, job, task);
  }, state.stepMs);
  timer.unref();
}

function step(state: FakeState, job: Job, task: Example['task']): void {
  job.done++;
  job.secondsLeft = ((job.all - job.done) * state.stepMs) / 1000;
  const progress = job.done / job.all;
  const noise = picker(job.done * 17)() - 0.5;
  const itc = 2.6 * Math.exp(-3 * progress) + 0.6 + noise * 0.35;
  const itm = 0.6 * Math.exp(-2 * progress) + 0.15 + noise * 0.1;
  const losses: Record<string, number> = task === 'retrieval' ? { total: itc + itm, itc, itm } : { total: itc };
  const numbers = { step: job.done, steps: job.all, epoch: Math.floor((job.done - 1) / STEPS_PER_EPOCH) };
  const time = { learningRate: 0.01 * (1 - progress), seconds: job.done * 0.1, secondsLeft: job.secondsLeft };
  tell(state, job, { type: 'train', event: { type: 'step', ...numbers, losses, ...time } });
  if (job.done % 5 === 0) tell(state, job, { type: 'job', job: { ...job } });
  if (job.done % STEPS_PER_EPOCH > 0) return;
  const scores = scoresOf(task, progress);
  tell(state, job, {
    type: 'train',
    event: { type: 'evaluation', epoch: numbers.epoch, split: 'val', scores, seconds: 0.4 },
  });
  tell(state, job, { type: 'train', event: { type: 'checkpoint', step: job.done, path: 'checkpoint' } });
  tell(state, job, { type: 'examples', epoch: numbers.epoch + 1, examples: examplesOf(state, task, progress) });
}

function finish(state: FakeState, job: Job, task: Example['task']): void {
  const scores = scoresOf(task, 0.96);
  const epoch = job.all / STEPS_PER_EPOCH - 1;
  tell(state, job, { type: 'train', event: { type: 'evaluation', epoch, split: 'test', scores, seconds: 0.8 } });
  const sizes = { adapterBytes: TRAINABLE * 4, backboneBytes: 9_240_000 };
  tell(state, job, {
    type: 'train',
    event: { type: 'done', adapter: 'adapter', ...sizes, seconds: job.all * 0.1, scores },
  });
  state.adapters.push(adapterOf({ name: job.title, task, trainable: TRAINABLE, scores: {}, origin: 'trained' }));
  Object.assign(job, { finished: new Date().toISOString(), secondsLeft: null });
  change(state, job, 'done');
}

/** Puts a job into a state and says so. */
export function change(state: FakeState, job: Job, to: Job['state'], error: string | null = null): void {
  Object.assign(job, { state: to, error });
  tell(state, job, { type: 'job', job: { ...job } });
}

function scoresOf(task: Example['task'], progress: number) {
  const at = (from: number, to: number) => from + (to - from) * (1 - Math.exp(-3 * progress));
  const recalls = (from: number) => ({
    'R@1': at(from, 61),
    'R@5': at(from + 25, 88),
    'R@10': at(from + 38, 95),
    medianRank: 1,
    meanRank: 3,
  });
  const ways = { textToMedia: recalls(34), mediaToText: recalls(31) };
  const looked = { items: 40, frames: null, frameAware: false };
  if (task === 'retrieval') return { task, ...looked, ...ways, firstStage: ways, texts: 40 };
  if (task === 'captioning')
    return {
      task,
      ...looked,
      CIDEr: at(34, 92),
      BLEU: [at(30, 60), at(20, 44), at(12, 32), at(8, 24)],
      references: 80,
    };
  const byType = { colour: at(55, 80), count: at(40, 52), where: at(12, 30) };
  return { task, ...looked, metric: 'exact', accuracy: at(41, 58), byType, questions: 118, inference: 'rank' };
}

/** @param progress  between 0 and 1: how well they go */
function examplesOf(state: FakeState, task: Example['task'], progress: number): Example[] {
  return state.items.slice(4, 10).map(({ item, scene }, i): Example => {
    const shown = { media: { library: item.library, item: item.id } };
    const [caption = ''] = captionsOf(scene);
    const rank = Math.max(1, Math.round((3 + 4 * i) * (1 - progress * 1.1)));
    if (task === 'captioning')
      return { task, ...shown, caption: progress > 0.4 ? caption : 'a house in the snow', truths: [caption] };
    if (task === 'answering') {
      const [{ question = '', answer = '' } = {}] = questionsOf(scene);
      const sure = 0.3 + 0.5 * progress;
      const wrong = { answer: 'purple dog', probability: 0.4 };
      const right = { answer, probability: sure };
      const answers = [right, wrong].sort((a, b) => b.probability - a.probability);
      return { task, ...shown, question, truths: [answer], answers };
    }
    const others = state.items.slice(20 + 3 * i, 23 + 3 * i);
    const hits = others.map(({ item: other }) => ({
      media: { library: other.library, item: other.id },
      isRight: false,
    }));
    hits.splice(rank - 1, 0, { ...shown, isRight: true });
    return { task, text: caption, hits: hits.slice(0, 4), rank, searched: 40 };
  });
}

function tell(state: FakeState, job: Job, event: JobEvent): void {
  eventsOf(state, job).push(event);
}

function eventsOf(state: FakeState, { id }: Job): JobEvent[] {
  const events = state.events.get(id) ?? [];
  state.events.set(id, events);
  return events;
}
