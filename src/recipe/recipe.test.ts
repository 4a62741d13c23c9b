import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { UniAdapterError } from '../error/index.js';
import type { UniAdapterOptions } from '../model/adapter/index.js';
import { override, parseRecipe, parseYaml, recipeKeys } from './index.js';
import { type Node, tree } from './tree.js';

const data = { path: 'captions.jsonl' };

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof UniAdapterError && error.code === 'recipe', `${error}`);
    return error.message;
  }
  return assert.fail('nothing was thrown');
}

test('a recipe of nothing but data is complete, and reading its YAML gives the same recipe', () => {
  const recipe = parseRecipe({ data }, 'a.yaml');
  assert.equal(recipe.optimiser.weightDecay, 0.05);
  assert.equal(recipe.optimiser.learningRate, 'auto');
  assert.equal(recipe.method.name === 'uniadapter' && recipe.method.bottleneck, 128);
  assert.deepEqual(recipe.data.split, { train: 0.8, val: 0.1, test: 0.1 });
  assert.deepEqual(parseRecipe(parse(stringify(recipe)), 'a.yaml'), recipe);
});

test('options of the method are handed on to the adapter as they are', () => {
  const { method } = parseRecipe({ data }, 'a.yaml');
  assert.ok(method.name === 'uniadapter');
  const handedOn: Omit<typeof method, 'frameAware' | 'temporal'> = method; // these two depend on what it is used for
  const options: UniAdapterOptions = handedOn; // compiles, or a name has drifted apart
  assert.equal(options.sharing, 'partial');
});

test('an empty file says what is missing', () => {
  assert.equal(
    messageOf(() => parseRecipe(null, 'a.yaml')),
    'a.yaml, data.path: is missing: expected text',
  );
});

test('everything that is wrong is said at once', () => {
  const wrong = { data, train: { epoch: 3, batch: 0 }, method: { name: 'lora', rank: 'big', bottleneck: 8 } };
  assert.equal(
    messageOf(() => parseRecipe(wrong, 'a.yaml')),
    `a.yaml: 4 problems
  method.rank: is not usable: got 'big', expected whole number from 1 to 4096
  method.bottleneck: is not an option of 'lora', only of uniadapter, bottleneck
  train.batch: is not usable: got 0, expected whole number from 1 to 8192
  train.epoch: is not a key of a recipe: did you mean train.epochs?`,
  );
});

for (const [wrong, message] of [
  [{ optimizer: {} }, 'optimizer: is not a key of a recipe; did you mean optimiser?'],
  [{ learningRate: 1 }, 'learningRate: is not a key of a recipe; did you mean optimiser.learningRate?'],
  [
    { train: { learningrate: 1 } },
    'train.learningrate: is not a key of a recipe; did you mean optimiser.learningRate?',
  ],
  [
    { method: { name: 'lorra' } },
    "method.name: is not usable: got 'lorra', expected uniadapter, lora, bottleneck, full or heads",
  ],
  [
    { method: 'lora' },
    "method: is not usable: got 'lora', expected section with name uniadapter, lora, bottleneck, full or heads",
  ],
  [
    { method: { name: 'uniadapter', scale: 'big' } },
    "method.scale: is not usable: got 'big', expected number from -10000 to 10000 or learnable",
  ],
  [
    { method: { name: 'uniadapter', modalities: ['txet'] } },
    "method.modalities.0: is not usable: got 'txet', expected visual, text or cross",
  ],
  [{ optimiser: { beta1: 1 } }, 'optimiser.beta1: is not usable: got 1, expected number from 0 to below 1'],
  [
    { optimiser: { learningRate: 5e-4, minLearningRate: 1 } },
    'optimiser.minLearningRate: is above learningRate: got 1, expected at most 0.0005',
  ],
  [{ data: { ...data, split: { train: 0.5 } } }, 'data.split: do not add up to 1: got 0.7'],
  [{ task: 'vqa' }, "task: is not usable: got 'vqa', expected retrieval, answering or captioning"],
  [
    { data: { ...data, frames: 'all' } },
    "data.frames: is not usable: got 'all', expected whole number from 1 to 256 or auto or null",
  ],
  [{ data: { ...data, manifest: 'x' } }, /^data\.manifest: is not a key of a recipe; did you mean data\./],
  [{ answering: { beam: 3 } }, 'answering.beam: is not a key of a recipe; did you mean answering.beams?'],
  [{ captioning: { rerank: 3 } }, 'captioning.rerank: is not a key of a recipe; did you mean retrieval.rerank?'],
  [
    { train: null },
    'train: is not usable: got null, expected section with epochs, batch, dropLast, seed, evaluateEvery, patience, checkpointEvery, memory',
  ],
] as const)
  test(`a wrong recipe is refused: ${message}`, () => {
    const [, found = ''] = messageOf(() => parseRecipe({ data, ...wrong }, 'a.yaml')).split('a.yaml, ');
    typeof message === 'string' ? assert.equal(found, message) : assert.match(found, message);
  });

test('frames are a number, the data’s own, or none', () => {
  const framesOf = (frames?: unknown) =>
    parseRecipe({ data: { ...data, ...(frames !== undefined && { frames }) } }, 'a');
  assert.deepEqual(
    [framesOf(), framesOf(4), framesOf(null), framesOf('auto')].map(({ data }) => data.frames),
    ['auto', 4, null, 'auto'],
  );
});

test('overrides read YAML values, and the later one wins', () => {
  const before = { data, train: { epochs: 6 } };
  const after = override(before, [
    'optimiser.learningRate=1e-3',
    'train.batch=8',
    'train.batch=16',
    'data.mediaRoot=a=b',
    'method.modalities=[text, cross]',
    'method.keyValue=null',
  ]);
  const recipe = parseRecipe(after, 'flags');
  assert.equal(recipe.optimiser.learningRate, 0.001);
  assert.deepEqual([recipe.train.epochs, recipe.train.batch], [6, 16]);
  assert.equal(recipe.data.mediaRoot, 'a=b');
  assert.deepEqual(recipe.method.name === 'uniadapter' && recipe.method.modalities, ['text', 'cross']);
  assert.deepEqual(before, { data, train: { epochs: 6 } }, 'the recipe given is not changed');
});

test('another method drops the options of the one before, the same one keeps them', () => {
  const uniadapter = { data, method: { name: 'uniadapter', bottleneck: 64 } };
  assert.deepEqual(parseRecipe(override(uniadapter, ['method.name=lora', 'method.rank=4']), 'flags').method, {
    name: 'lora',
    rank: 4,
    alpha: 16,
    temporal: false,
  });
  const kept = parseRecipe(override(uniadapter, ['method.name=uniadapter']), 'flags').method;
  assert.equal(kept.name === 'uniadapter' && kept.bottleneck, 64);
});

for (const [assignment, message] of [
  ['train.epochs', 'train.epochs: is not an override: expected key=value, such as train.epochs=6'],
  ['train.epochs.x=1', 'train.epochs.x=1: there is no section to put x into: got 6'],
  ['method.modalities=[text', /^method\.modalities=\[text: its value is not YAML \(.*\); quote it$/],
] as const)
  test(`an override that makes no sense is refused: ${assignment}`, () => {
    const found = messageOf(() => override({ train: { epochs: 6 } }, [assignment]));
    typeof message === 'string' ? assert.equal(found, message) : assert.match(found, message);
  });

test('an override never reaches beyond the recipe', () => {
  override({}, ['__proto__.polluted=1', 'constructor.prototype.polluted=1']);
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});

test('every key has a sentence, a type, and a default that the schema accepts', () => {
  for (const { key, type, default: value, description, method } of recipeKeys()) {
    assert.match(description, /^\S.*[.)]$/s, key);
    assert.ok(type && !type.startsWith('section'), key);
    if (key === 'data.path') continue;
    assert.notEqual(value, undefined, key);
    const recipe = override({ data, ...(method && { method: { name: method } }) }, [`${key}=${JSON.stringify(value)}`]);
    assert.doesNotThrow(() => parseRecipe(recipe, key));
  }
});

test('any JSON is a recipe or a recipe error, never another failure', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('data', 'method', 'train'), (value, section) => {
      for (const recipe of [value, { data, [section]: value }])
        try {
          parseRecipe(recipe, 'any');
        } catch (error) {
          assert.ok(error instanceof UniAdapterError, `${error}`);
        }
    }),
  );
});

const unknownKeys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`key${i}`, i]));

test('of more than ten problems ten are told, and how many more there are, wherever they are', () => {
  const wrong = { ...unknownKeys(30_000), data: { ...data, ...unknownKeys(20_000) }, train: unknownKeys(25_000) };
  const [head, ...lines] = messageOf(() => parseRecipe(wrong, 'a.yaml')).split('\n');
  assert.equal(head, 'a.yaml: 75000 problems');
  assert.equal(lines.length, 11);
  assert.equal(lines.at(-1), '  … and 74,990 more');
});

test('a recipe of a hundred thousand keys, or of one that holds itself, is refused before anything is looked at', () => {
  const endless: Record<string, unknown> = { data };
  endless.method = endless;
  for (const given of [unknownKeys(100_000), { data: { path: new Array(100_000).fill(0) } }, endless])
    assert.match(
      messageOf(() => parseRecipe(given, 'a.yaml')),
      /^a\.yaml: holds too much for a recipe: expected at most 100000/,
    );
});

test('long keys and values are cut in messages', () => {
  const long = 'x'.repeat(1e5);
  for (const wrong of [{ data, [long]: 1 }, { data, task: long }, { data: { ...data, frames: [long] } }])
    assert.ok(messageOf(() => parseRecipe(wrong, 'a.yaml')).length < 400);
});

test('every number has an upper bound, and every list a longest', () => {
  const unbounded = (node: Node, path: string): string[] => {
    const isNumber = node.type === 'number' || node.type === 'integer';
    const isOpen = isNumber && node.maximum === undefined && node.exclusiveMaximum === undefined;
    const isEndless = node.type === 'array' && node.maxItems === undefined;
    const inner: [string, Node][] = [
      ...Object.entries(node.properties ?? {}),
      ...Object.entries(node.anyOf ?? []),
      ...Object.entries(node.oneOf ?? []),
    ];
    return [
      ...(isOpen || isEndless ? [path] : []),
      ...inner.flatMap(([key, child]) => unbounded(child, `${path}.${key}`)),
    ];
  };
  assert.deepEqual(unbounded(tree, 'recipe'), []);
});

for (const [key, value] of [
  ['answering.beams', 1e6],
  ['captioning.beams', 20_000],
  ['train.batch', 1e9],
  ['method.bottleneck', 1e9],
  ['data.imageSize', 64_000],
  ['data.frames', 100_000],
  ['retrieval.queue', 1e12],
] as const)
  test(`${key} of ${value} is refused with the largest there may be`, () => {
    const message = messageOf(() => parseRecipe(override({ data }, [`${key}=${value}`]), 'a.yaml'));
    assert.match(
      message,
      new RegExp(`^a\\.yaml, ${key}: is not usable: got ${value}, expected whole number from \\d+ to \\d+`),
    );
  });

test('YAML that holds itself or goes on without end is refused, and so is a section named as what every object has', () => {
  assert.throws(() => parseYaml('train: &a {epochs: *a}'), /sections within each other without end/);
  assert.throws(() => parseYaml('['.repeat(50_000)), Error);
  assert.throws(() => parseYaml('x'.repeat(2_000_000)), /2000000 characters/);
  for (const name of ['constructor', '__proto__', 'toString'])
    assert.throws(() => parseRecipe(JSON.parse(`{"data":{"path":"p"},"${name}":{"a":1}}`), 'r'), { code: 'recipe' });
});
