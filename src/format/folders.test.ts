import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import {
  type AdapterInfo,
  adapterCard,
  type BackboneInfo,
  checkBackbone,
  float16Array,
  float32Array,
  packAdapter,
  packBackbone,
  readAnswers,
  unpackAdapter,
  unpackBackbone,
} from './index.js';

const info: AdapterInfo = {
  format: 1,
  packageVersion: '0.1.0',
  task: 'retrieval',
  method: { name: 'uniadapter', options: { scale: 0.1, modalities: ['vision', 'text', 'cross'] } },
  sizes: { bottleneck: 2, layers: 1, width: 3 },
  parameters: { trainable: 8, all: 400 },
  backbone: { name: 'tiny', sha256: 'ab'.repeat(32), parameters: 392, bytes: 1568 },
  recipe: { learningRate: 1e-4, data: { train: 'a.jsonl', limit: null } },
  scores: { 'before R@1': 12.5, 'after R@1': 200 / 3 },
  created: '2026-11-22T02:19:00.000Z',
  seed: 7,
};
const arrays = new Map([
  ['adapters.0.down_proj.weight', float32Array([2, 3], Float32Array.of(1, 2, 3, 4, 5, 6))],
  ['adapters.0.down_proj.bias', float16Array([2], Float32Array.of(1, 2))],
]);

const backbone: BackboneInfo = {
  format: 1,
  name: 'tiny',
  vision: { imageSize: 64, patch: 8, width: 96, layers: 4, heads: 4, mlp: 384, eps: 1e-6 },
  text: { vocabulary: 2048, positions: 64, width: 96, layers: 4, heads: 4, mlp: 384, eps: 1e-12 },
  projection: 64,
  preprocess: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25], resize: 'bicubic' },
  tokens: { pad: 0, cls: 2, sep: 3, bos: 2046, enc: 2047 },
  maxTokens: 32,
  notices: ['Noto emoji, Apache-2.0.'],
};

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

test('an adapter folder is read back as it was packed', () => {
  const files = packAdapter({ info, arrays });
  assert.deepEqual([...files.keys()], ['adapter.safetensors', 'adapter.json', 'README.md']);
  const back = unpackAdapter(files, 'a');
  assert.deepEqual(back.info, info);
  assert.deepEqual(back.arrays, arrays);
});

test('the answers an adapter chooses from are a file of their own, a flat list as BLIP’s is', () => {
  const answers = ['yes', 'no', 'two dogs'];
  const files = packAdapter({ info, arrays, answers });
  assert.equal(text(files.get('answers.json')), '["yes","no","two dogs"]\n');
  assert.deepEqual(unpackAdapter(files, 'a'), { info, arrays, answers });
  assert.ok(!('answers' in unpackAdapter(packAdapter({ info, arrays, answers: [] }), 'a')), 'no list, no file');
});

test('answers that are no list of texts are refused, naming the file', () => {
  const files = packAdapter({ info, arrays, answers: ['yes'] });
  const message = (value: unknown) => {
    files.set('answers.json', json(value));
    try {
      return unpackAdapter(files, 'my') && 'accepted';
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.match(message({ yes: 3 }), /^my\/answers\.json: .*expected array/);
  assert.match(message(['yes', '', 3]), /^my\/answers\.json: 1: .*; 2: .*expected string/);
  assert.equal(message(['yes']), 'accepted');
  assert.deepEqual(readAnswers(json(['a', 'b']), 'list.json'), ['a', 'b']);
  assert.throws(() => readAnswers(new Uint8Array([0xff]), 'list.json'), { code: 'format', message: /^list\.json: / });
});

test('a description of many keys is refused by its length, and of many problems ten are told', () => {
  const files = packAdapter({ info, arrays });
  const read = (changes: object) => () =>
    unpackAdapter(new Map(files).set('adapter.json', json({ ...info, ...changes })), 'my');
  const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`key${i}`, 'x']));
  assert.throws(read({ recipe: keys(300_000) }), /^UniAdapterError: my\/adapter\.json: is too long: got \d+ bytes/);
  assert.throws(
    read({ scores: keys(1000) }),
    /^UniAdapterError: my\/adapter\.json: (scores\.key\d+: [^;]+; ){10}… and 990 more$/,
  );
  assert.throws(read(keys(1000)), /: unknown "key0", ("key\d", ){9}… and 990 more$/);
});

test('the card says what the adapter is, how good it is and how to use it', () => {
  const card = text(packAdapter({ info, arrays }).get('README.md'));
  for (const line of [
    '# uniadapter adapter for retrieval',
    '| Backbone | tiny, 392 parameters, 0.00 MB |',
    `| Backbone SHA-256 | \`${'ab'.repeat(32)}\` |`,
    '| Trained | 8 of 400 parameters (2.00 %) |',
    '| before R@1 | 12.5 |',
    '| after R@1 | 66.667 |',
  ]) {
    assert.ok(card.split('\n').includes(line), `${line}\nis not in\n${card}`);
  }
});

test('the card shows how to use an adapter of each task', () => {
  const cardOf = (task: AdapterInfo['task']) => text(packAdapter({ info: { ...info, task }, arrays }).get('README.md'));
  for (const [task, command, call] of [
    ['retrieval', /^npx uniadapter search my-adapter ".+" --in photos$/m, /openSearch\('my-adapter', \{ media: /],
    ['answering', /^npx uniadapter ask photo\.jpg ".+" --adapter my-adapter$/m, /ask\('my-adapter', 'photo\.jpg', \['/],
    ['captioning', /^npx uniadapter caption photo\.jpg --adapter my-adapter$/m, /caption\('my-adapter', \['photo/],
  ] as const) {
    assert.match(cardOf(task), command);
    assert.match(cardOf(task), call);
  }
});

test('the card begins with what hubs sort by, and has the whole recipe', () => {
  const onHub = { ...info, backbone: { ...info.backbone, name: 'Salesforce/blip-itm-base-coco' } };
  const recipe = { task: 'retrieval', data: { path: '/data/red cars/', format: 'manifest' } };
  const frontOf = (card: string) => parse(card.split('---\n')[1] as string);
  const card = adapterCard({ ...onHub, recipe }, 4, 'me/cars');
  assert.deepEqual(frontOf(card), {
    library_name: 'uniadapter',
    base_model: 'Salesforce/blip-itm-base-coco',
    base_model_relation: 'adapter',
    pipeline_tag: 'feature-extraction',
    tags: ['adapter', 'blip', 'uniadapter', 'retrieval'],
    metrics: ['recall'],
    'model-index': [
      {
        name: 'cars',
        results: [
          {
            task: { type: 'feature-extraction' },
            dataset: { type: 'manifest', name: 'red cars', split: 'test' },
            metrics: Object.entries(info.scores).map(([name, value]) => ({ type: 'recall', name, value })),
          },
        ],
      },
    ],
  });
  assert.ok(card.includes('npx uniadapter pull me/cars\nnpx uniadapter search me/cars '), card);
  assert.deepEqual(parse(/```yaml\n([\s\S]*?)```/.exec(card)?.[1] as string), recipe);
  const answering = { ...info, task: 'answering', scores: { accuracy: 44.7, 'accuracy yes/no': 80 } } as const;
  assert.deepEqual(frontOf(adapterCard(answering, 4)).metrics, ['accuracy']);
  const captions = { ...info, task: 'captioning', scores: { CIDEr: 101, 'BLEU-1': 70, 'BLEU-4': 30 } } as const;
  assert.deepEqual(frontOf(adapterCard(captions, 4)).metrics, ['cider', 'bleu']);
  assert.ok(!('model-index' in frontOf(adapterCard({ ...info, scores: {} }, 4))), 'no scores, no results');
});

test('an adapter of a task that nobody knows is refused', () => {
  const files = packAdapter({ info, arrays });
  files.set('adapter.json', json({ ...info, task: 'juggling' }));
  assert.throws(() => unpackAdapter(files, 'my'), { code: 'format', message: /^my\/adapter\.json: task: / });
});

test('a card without scores has no empty table', () => {
  assert.ok(!text(packAdapter({ info: { ...info, scores: {} }, arrays }).get('README.md')).includes('Scores'));
});

test('everything wrong with adapter.json is named at once', () => {
  const files = packAdapter({ info, arrays });
  const { seed: _, ...rest } = info;
  files.set('adapter.json', json({ ...rest, colour: 'red', backbone: { ...info.backbone, sha256: 'abc' } }));
  assert.throws(() => unpackAdapter(files, 'my'), {
    code: 'format',
    message: /^my\/adapter\.json: .*backbone\.sha256: expected 64 hexadecimal digits; .*seed: .*"colour"/,
  });
});

test('an adapter of a newer format, a broken one and an incomplete one are refused clearly', () => {
  const files = packAdapter({ info, arrays });
  const read = (name: string, bytes: Uint8Array) => () => unpackAdapter(new Map(files).set(name, bytes), 'my');
  assert.throws(read('adapter.json', json({ format: 2, other: 1 })), /newer version: got format 2.*update uniadapter/);
  assert.throws(read('adapter.json', new Uint8Array([0x7b, 0xff])), /my\/adapter\.json: not valid JSON/);
  assert.throws(read('adapter.safetensors', new Uint8Array(3)), /my\/adapter\.safetensors: the file is cut off/);
  files.delete('adapter.json');
  assert.throws(
    () => unpackAdapter(files, 'my'),
    /^.*my: the folder has no adapter\.json: got adapter\.safetensors, README/,
  );
});

test('a score that is no number is refused before it is written', () => {
  assert.throws(
    () => packAdapter({ info: { ...info, scores: { 'R@1': Number.NaN } }, arrays }),
    /adapter\.json: scores\.R@1/,
  );
});

test('an adapter is refused on a backbone with another hash', () => {
  checkBackbone(info, { name: 'renamed', sha256: info.backbone.sha256 }, 'my');
  assert.throws(() => checkBackbone(info, { name: 'other', sha256: 'cd'.repeat(32) }, 'my'), {
    code: 'parameter',
    message:
      /^my: this adapter belongs to another backbone: got other \(cdcdcdcdcdcd…\), expected tiny \(abababababab…\)/,
  });
});

test('a backbone folder is read back as it was packed', () => {
  const tokenizer = { model: { type: 'WordPiece', vocab: { a: 0 } } };
  const { notices: _, ...silent } = backbone;
  for (const info of [backbone, silent, { ...backbone, decoder: { tied: true } }]) {
    assert.deepEqual(unpackBackbone(packBackbone({ info, arrays, tokenizer }), 'b'), { info, arrays, tokenizer });
  }
});

test('a backbone may bring the answers it has learnt', () => {
  const file = { info: backbone, arrays, tokenizer: {}, answers: ['yes', 'no'] };
  const files = packBackbone(file);
  assert.deepEqual([...files.keys()].at(-1), 'answers.json');
  assert.deepEqual(unpackBackbone(files, 'b'), file);
});

test('a decoder that does not say whether it is tied is refused, and so is one that says more', () => {
  const decoders = [{}, { tied: 'yes' }, { tied: true, startToken: 5 }] as const;
  for (const decoder of decoders)
    assert.throws(() => packBackbone({ info: { ...backbone, decoder } as BackboneInfo, arrays, tokenizer: {} }), {
      code: 'format',
      message: /^backbone\.json: decoder/,
    });
});

test('sizes of a backbone that contradict each other are named at once', () => {
  const contradictory: BackboneInfo = {
    ...backbone,
    vision: { ...backbone.vision, imageSize: 60, heads: 5 },
    text: { ...backbone.text, heads: 7 },
    tokens: { ...backbone.tokens, enc: 2048 },
    maxTokens: 65,
  };
  assert.throws(() => packBackbone({ info: contradictory, arrays, tokenizer: {} }), {
    code: 'format',
    message:
      'backbone.json: vision.imageSize: not a multiple of patch 8; vision.heads: does not divide width 96; ' +
      'text.heads: does not divide width 96; maxTokens: more than the 64 positions; tokens.enc: not below vocabulary 2048',
  });
});

test('an adapter whose files are not what was written, or hold what is no number, is refused by name', () => {
  const files = packAdapter({ info, arrays });
  const damaged = Uint8Array.from(files.get('adapter.safetensors') as Uint8Array);
  damaged[damaged.length - 3] = (damaged.at(-3) as number) ^ 1;
  assert.throws(() => unpackAdapter(new Map(files).set('adapter.safetensors', damaged), 'my'), {
    code: 'format',
    message: /^my\/adapter\.safetensors: is damaged.*; copy or download the adapter folder again$/,
  });
  for (const number of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const broken = new Map(arrays).set('odd', float32Array([2], Float32Array.of(1, number)));
    assert.throws(() => unpackAdapter(packAdapter({ info, arrays: broken }), 'my'), {
      code: 'format',
      message: /^my\/adapter\.safetensors, tensor odd: holds what is no number: got (NaN|Infinity) at place 1 of 2/,
    });
  }
  const old = new TextDecoder().decode(files.get('adapter.json')).replace(/,\s*"crc32": "\w+"/, '');
  assert.ok(!old.includes('crc32'));
  assert.ok(
    unpackAdapter(new Map(files).set('adapter.json', new TextEncoder().encode(old)), 'my'),
    'older ones have none',
  );
});
