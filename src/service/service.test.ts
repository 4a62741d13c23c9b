// The whole machine, with models of toy size: libraries, indexes, adapters, trainings.

import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, mock, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { readSome } from '../files/files.js';
import { openReal } from '../files/opened.js';
import { createDecoder } from '../node/media/decoder.js';
import { runCommand } from '../node/serve/child.js';
import {
  refusal,
  runToy,
  temporaryFolder,
  toyBackbone,
  toyData,
  toyEntries,
  toyRecipe,
} from '../node/toy.test-support.js';
import { openStore } from '../node/vectors/open-store.js';
import { openEngine } from '../predict/engine/engine.js';
import { type Job, type JobEvent, jobEventSchema, type SearchResult, searchRequestSchema } from '../server/index.js';
import { createService, type RunningService } from './service.js';

const folder = temporaryFolder();
const data = await toyData(join(folder, 'squares'));
const backbone = await toyBackbone(join(folder, 'toy'), 1, ['red', 'green', 'yes', 'no']);
await mkdir(join(folder, 'shipped'));
await runToy(toyRecipe(backbone, data), join(folder, 'shipped', 'search'));
await runToy(toyRecipe(backbone, data, ['task=answering', 'train.epochs=1']), join(folder, 'named'));
const other = await toyBackbone(join(folder, 'other'), 2);
await runToy(toyRecipe(other, data, ['train.epochs=1']), join(folder, 'foreign'));

const engine = await openEngine({ backbone });
const store = await openStore(join(folder, 'vectors'));
after(async () => {
  await engine.close();
  await store.close();
});

const warnings: string[] = [];
const place = { name: 'squares', folder: data, indexName: 'squares-1', isSample: true };
const asked = { name: 'asked', folder: join(folder, 'asked'), indexName: 'asked-1', isSample: false };
const questions = toyEntries.map((entry) => ({ ...entry, captions: [] }));
const open = (): Promise<RunningService> =>
  createService({
    ...{ engine, store, backbone, libraries: [place], datasets: [place, asked] },
    ...{ decoder: createDecoder(openReal), runCommand },
    adapters: { shipped: [join(folder, 'shipped')], folders: [join(folder, 'named'), join(folder, 'foreign')] },
    state: join(folder, 'state'),
    warn: (text) => warnings.push(text),
    onBug: (error) => assert.fail(`a bug: ${error}`),
  });
const service = await open();
after(() => service.close());

const asking = { signal: new AbortController().signal };
const quick = {
  train: { batch: 4, epochs: 3 },
  retrieval: { queue: 6 },
  method: { bottleneck: 4 },
};
const trainingOf = (changes: object = {}) => ({
  data: { path: 'squares', augment: 'none' },
  ...quick,
  ...changes,
});

async function eventsOf(machine: RunningService, { id }: Job): Promise<readonly JobEvent[]> {
  const events: JobEvent[] = [];
  for await (const { event } of machine.jobEvents(id, 0, asking.signal)) events.push(event);
  return events;
}

async function search(changes: object): Promise<readonly SearchResult[]> {
  const request = searchRequestSchema.parse({
    library: 'squares',
    query: { text: 'a red square on grey' },
    ...changes,
  });
  const results: SearchResult[] = [];
  for await (const result of service.search(request, asking)) results.push(result);
  return results;
}

test('a server tells what it is', async () => {
  const info = await service.info();
  assert.equal(info.backbone.name, 'toy');
  assert.deepEqual(info.backbone.tasks, ['retrieval', 'answering', 'captioning']);
  assert.equal(info.canTrain, true);
  assert.deepEqual(service.health(), { status: 'ok' });
});

test('a library is listed before it has an index, which is then made by a job', async () => {
  const [before] = await service.libraries();
  assert.deepEqual([before?.name, before?.items, before?.captions, before?.indexes], ['squares', 16, 17, []]);
  assert.equal((await refusal(search({}))).code, 'missing');
  const events = await eventsOf(service, await service.startIndex({ library: 'squares', adapter: 'none' }));
  const last = events.at(-1);
  assert.equal(last?.type === 'job' && last.job.state, 'done', JSON.stringify(last));
  const [{ indexes } = { indexes: [] }] = await service.libraries();
  assert.deepEqual(
    indexes.map(({ adapter, items, captions, isCurrent }) => [adapter, items, captions, isCurrent]),
    [['none', 16, 17, true]],
  );
});

test('a search yields both stages, and hits are items', async () => {
  const [first, final] = await search({ limit: 5, rerank: 8 });
  assert.deepEqual([first?.stage, final?.stage, final?.reranked, final?.searched], ['first', 'final', 8, 16]);
  const [hit] = final?.hits ?? [];
  assert.equal(final?.hits.length, 5);
  assert.deepEqual(await service.item('squares', hit?.item.id ?? ''), hit?.item);
  const media = { library: 'squares', item: hit?.item.id ?? '' };
  const [similar] = await search({ query: { media } });
  assert.equal(similar?.hits[0]?.item.id, hit?.item.id, 'a picture is most like itself');
  const [captions] = await search({ query: { media }, find: 'captions', rerank: 0 });
  assert.ok(captions?.hits.every(({ caption }) => caption?.includes('square') || caption?.includes('on')));
  const file = await service.media(media);
  assert.deepEqual([file.type, file.bytes], ['image/png', (await stat(join(data, hit?.item.path ?? ''))).size]);
  const bytes = new Uint8Array(await new Response(file.read([0, 7])).arrayBuffer());
  assert.deepEqual([...bytes], [...(await readFile(join(data, hit?.item.path ?? ''))).subarray(0, 8)]);
});

test('an upload can be asked about, captioned, embedded and searched with', async () => {
  const png = await readFile(join(data, 'red-grey.png'));
  const { upload, kind } = await service.upload(new Blob([png]).stream(), 'text/plain');
  assert.equal(kind, 'image');
  const media = { upload };
  const asked = { adapter: 'named', media, questions: ['what color is the square'], answers: 3, attention: false };
  const { answered } = await service.ask(asked, asking);
  assert.equal(answered[0]?.answers.length, 3);
  const { captions } = await service.caption({ adapter: 'none', media: [media] }, asking);
  assert.match(captions[0] ?? '', /\w/);
  const {
    width,
    texts,
    media: vectors,
  } = await service.embed({ adapter: 'none', texts: ['red'], media: [media] }, asking);
  assert.deepEqual([width, texts[0]?.length, vectors[0]?.length], [16, 16, 16]);
  const [found] = await search({ query: { media } });
  assert.equal(found?.hits[0]?.item.path, 'red-grey.png');
});

test('adapters come from the package, from folders and from uploads; those of another backbone are left out', async () => {
  const list = await service.adapters();
  assert.deepEqual(
    list.map(({ name, origin, task, canDelete }) => [name, origin, task, canDelete]),
    [
      ['search', 'shipped', 'retrieval', false],
      ['named', 'folder', 'answering', false],
    ],
  );
  assert.match(warnings.join('\n'), /adapter foreign is left out: .*belongs to another backbone/);
  const details = await service.adapter('search', asking);
  const down = details.modules.find(({ module }) => module.startsWith('adapters.0'));
  assert.ok(down && down.change !== null && down.change > 0, JSON.stringify(details.modules));
  assert.ok(!JSON.stringify(details).includes(folder), 'no folder of this machine is told');
  const text = await new Response((await service.adapterFile('search', 'adapter.json')).read()).text();
  assert.ok(!text.includes(folder));
  for (const file of ['../adapter.json', 'checkpoint', '/etc/passwd', 'constructor'])
    assert.equal((await refusal(service.adapterFile('search', file))).code, 'missing');
});

test('an adapter is read again only once its files change', async () => {
  const path = join(folder, 'named', 'adapter', 'adapter.json');
  const text = await readFile(path);
  const [then, later] = [new Date(1e12), new Date(2e12)];
  await utimes(path, then, then);
  const before = await service.adapters();
  await writeFile(path, Buffer.alloc(text.length));
  await utimes(path, then, then);
  assert.deepEqual(await service.adapters(), before);
  await utimes(path, later, later);
  assert.deepEqual(
    (await service.adapters()).map((adapter) => adapter.name),
    ['search'],
  );
  await writeFile(path, text);
  assert.deepEqual(await service.adapters(), before);
});

test('an adapter is taken in as a whole, used while serving, and deleted', async () => {
  const own = join(folder, 'shipped', 'search', 'adapter');
  const files = await readSome(own, ['adapter.json', 'adapter.safetensors', 'README.md']);
  const added = await service.addAdapter('mine', files);
  assert.deepEqual([added.origin, added.canDelete], ['uploaded', true]);
  const job = await service.startIndex({ library: 'squares', adapter: 'mine' });
  await eventsOf(service, job);
  const [, mine] = await search({ adapter: 'mine' });
  assert.ok((mine?.hits.length ?? 0) > 0);
  assert.equal((await refusal(service.addAdapter('mine', files))).problem.what, 'the name is taken');
  assert.equal((await refusal(service.removeAdapter('search'))).problem.what, 'cannot be deleted here');
  await service.removeAdapter('mine');
  assert.equal((await refusal(search({ adapter: 'mine' }))).code, 'missing');
  const [library] = await service.libraries();
  assert.deepEqual(
    library?.indexes.map(({ adapter }) => adapter),
    ['none'],
    'its index is gone too',
  );
});

test('an upload that is no adapter, too large, of another backbone or cut off is refused and leaves nothing', async () => {
  const own = await readSome(join(folder, 'shipped', 'search', 'adapter'), ['adapter.json', 'adapter.safetensors']);
  const foreign = await readSome(join(folder, 'foreign', 'adapter'), ['adapter.json', 'adapter.safetensors']);
  const tensors = own.get('adapter.safetensors') as Uint8Array;
  const info = JSON.parse(Buffer.from(own.get('adapter.json') as Uint8Array).toString());
  const withInfo = (changed: object) => new Map(own).set('adapter.json', Buffer.from(JSON.stringify(changed)));
  const huge = { ...info, recipe: { ...info.recipe, data: { ...info.recipe.data, imageSize: 8192 } } };
  for (const [files, code] of [
    [new Map([['adapter.json', new Uint8Array([1, 2])]]), 'format'],
    [new Map(own).set('evil.sh', new Uint8Array()), 'format'],
    [new Map(own).set('adapter.safetensors', tensors.subarray(0, tensors.length / 2)), 'format'],
    [foreign, 'parameter'],
    [withInfo(huge), 'recipe'],
    [withInfo({ ...info, recipe: { ...info.recipe, method: { name: 'lora' } } }), 'parameter'],
  ] as const) {
    const error = await refusal(service.addAdapter('bad', files as ReadonlyMap<string, Uint8Array>));
    assert.equal(error.code, code, error.message);
    assert.ok(!error.message.includes(join(folder, 'state')), error.message);
  }
  assert.deepEqual(await readdir(join(folder, 'state', 'adapters')), []);
});

test('uploads keep their names, however they look', async () => {
  const own = join(folder, 'shipped', 'search', 'adapter');
  const files = await readSome(own, ['adapter.json', 'adapter.safetensors']);
  for (const name of ['adapter', 'a'.repeat(64)]) {
    assert.equal((await service.addAdapter(name, files)).name, name);
    assert.equal((await refusal(service.addAdapter(name, files))).problem.what, 'the name is taken');
  }
  const names = (await service.adapters()).filter(({ origin }) => origin === 'uploaded').map(({ name }) => name);
  assert.deepEqual(names, ['a'.repeat(64), 'adapter'], 'and hide no others');
  for (const name of names) await service.removeAdapter(name);
});

test('a training is planned before it starts, and what is wrong is said then', async () => {
  const plan = await service.planTraining({ name: 'planned', recipe: trainingOf() as never }, asking);
  assert.deepEqual([plan.task, plan.kind, plan.frames, plan.steps], ['retrieval', 'images', null, 9]);
  assert.deepEqual(plan.items, { train: 8, val: 4, test: 4 });
  assert.equal(
    plan.modules.reduce((sum, { parameters }) => sum + parameters, 0),
    plan.parameters.trainable,
  );
  assert.ok(plan.memoryBytes > 1e7 && plan.freeBytes > plan.memoryBytes);
  for (const [recipe, code] of [
    [{ data: { path: '/etc' } }, 'missing'],
    [{ data: { path: '..' } }, 'missing'],
    [trainingOf({ data: { path: 'squares', mediaRoot: '/' } }), 'recipe'],
    [trainingOf({ data: { path: 'squares', cache: '/tmp/x', jitter: false } }), 'recipe'],
    [trainingOf({ answering: { answerList: '/etc/passwd' } }), 'recipe'],
    [trainingOf({ backbone: '/somewhere' }), 'recipe'],
    [trainingOf({ trian: {} }), 'recipe'],
  ] as const)
    assert.equal((await refusal(service.planTraining({ name: 'x', recipe: recipe as never }, asking))).code, code);
  assert.equal(
    (await refusal(service.startTraining({ name: 'search', recipe: trainingOf() as never }, asking))).code,
    'recipe',
  );
});

test('a dataset whose folder is gone is told beside the others, and cannot be planned with', async () => {
  const plan = () =>
    service.planTraining({ name: 'x', recipe: { data: { path: 'asked' }, ...quick } as never }, asking);
  const [here, gone] = await service.datasets();
  assert.deepEqual([here?.items, here?.problem, gone?.items], [16, null, 0]);
  assert.equal(gone?.problem, 'is not there any more; bring its folder back');
  const { code, message } = await refusal(plan());
  assert.equal(code, 'missing');
  assert.match(message, /^dataset asked: is not there any more/);
  await toyData(asked.folder, questions);
  assert.deepEqual(
    (await service.datasets()).map(({ problem }) => problem),
    [null, null],
  );
  assert.equal((await plan()).task, 'answering', 'its data leave no other choice');
});

/** Holds back what threads are told to plan. @returns what lets it go, once there is something */
async function holdPlans() {
  const post = Worker.prototype.postMessage;
  const held: (() => void)[] = [];
  const mocked = mock.method(Worker.prototype, 'postMessage', function (this: Worker, message: { kind?: string }) {
    if (message.kind === 'plan') held.push(() => post.call(this, message));
    else post.call(this, message);
  });
  const planning = service.planTraining({ name: 'held', recipe: trainingOf() as never }, asking);
  while (held.length === 0) await setImmediate();
  mocked.mock.restore();
  return { planning, letGo: () => held[0]?.() };
}

test('while a training is planned the server answers', async () => {
  const { planning, letGo } = await holdPlans();
  assert.deepEqual(service.health(), { status: 'ok' });
  assert.equal((await service.items('squares', { offset: 0, limit: 1 })).all, 16);
  letGo();
  assert.equal((await planning).task, 'retrieval');
});

test('a plan that nobody waits for ends, and the next one is made', async () => {
  const gone = new AbortController();
  const request = { name: 'gone', recipe: trainingOf() as never };
  const end = mock.method(Worker.prototype, 'terminate');
  const planning = refusal(service.planTraining(request, { signal: gone.signal }));
  await setImmediate();
  gone.abort();
  assert.equal((await planning).code, 'stopped');
  assert.equal(end.mock.callCount(), 1);
  end.mock.restore();
  assert.equal((await service.planTraining(request, asking)).task, 'retrieval');
});

test('a training runs as a process, tells its events and examples, and leaves an adapter that searches', async () => {
  const job = await service.startTraining({ name: 'trained', recipe: trainingOf() as never }, asking);
  const events = await eventsOf(service, job);
  for (const event of events) jobEventSchema.parse(event);
  const last = events.at(-1);
  assert.equal(last?.type === 'job' && last.job.state, 'done', JSON.stringify(last));
  const told = events.flatMap((event) => (event.type === 'train' ? [event.event.type] : []));
  assert.deepEqual([told[0], told.at(-1), told.filter((type) => type === 'step').length], ['plan', 'done', 9]);
  const examples = events.flatMap((event) => (event.type === 'examples' ? [event] : []));
  assert.deepEqual(
    examples.map(({ epoch }) => epoch),
    [0, 1, 2, 3],
  );
  const texts = examples.map((event) => event.examples.map((one) => (one.task === 'retrieval' ? one.text : '')));
  for (const some of texts) assert.deepEqual(some, texts[0], 'the same searches each time');
  const [one] = examples[0]?.examples ?? [];
  const media = one?.task === 'retrieval' ? one.hits[0]?.media : null;
  assert.ok(media);
  assert.equal((await service.media(media)).type, 'image/png');
  assert.ok(!JSON.stringify(events).includes(folder), 'no folder of this machine is told');
  const adapters = await service.adapters();
  assert.ok(adapters.some(({ name, origin }) => name === 'trained' && origin === 'trained'));
  await eventsOf(service, await service.startIndex({ library: 'squares', adapter: 'trained' }));
  assert.ok(((await search({ adapter: 'trained' })).at(-1)?.hits.length ?? 0) > 0);
  await service.removeAdapter('trained');
  assert.ok(!(await service.adapters()).some(({ name }) => name === 'trained'));
});

test('a training that is stopped before its process has begun is stopped, not failed', async () => {
  const job = await service.startTraining({ name: 'early', recipe: trainingOf() as never }, asking);
  assert.equal((await service.stopJob(job.id)).state, 'stopped');
  await service.removeJob(job.id);
});

test('a training that is stopped saves its state, survives a restart and goes on to the end', async () => {
  const long = trainingOf({ train: { ...quick.train, epochs: 400 } });
  const job = await service.startTraining({ name: 'long', recipe: long as never }, asking);
  for await (const { event } of service.jobEvents(job.id, 0, asking.signal))
    if (event.type === 'train' && event.event.type === 'step') break;
  assert.equal((await service.stopJob(job.id)).state, 'stopped');
  assert.ok(await stat(join(folder, 'state', 'runs', 'long', 'checkpoint', 'checkpoint.json')));
  const again = await open();
  try {
    const [found] = (await again.jobs()).filter(({ id }) => id === job.id);
    assert.equal(found?.state, 'stopped');
    await again.resumeJob(job.id);
    let resumedAt = 0;
    for await (const { event } of again.jobEvents(job.id, 0, asking.signal)) {
      if (event.type !== 'train' || event.event.type !== 'plan' || event.event.resumedAt === 0) continue;
      resumedAt = event.event.resumedAt as number;
      break;
    }
    assert.ok(resumedAt > 0);
  } finally {
    await again.close(); // stops it once more
  }
  const [stopped] = (await again.jobs()).filter(({ id }) => id === job.id);
  assert.equal(stopped?.state, 'stopped');
});
