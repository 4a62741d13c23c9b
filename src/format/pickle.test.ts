// Pickles that are not what a checkpoint holds: nothing of them is executed, and the error names what they asked for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UniAdapterError } from '../error/index.js';
import { type Pickled, readPickle, readStateDict, TorchTensor } from './index.js';

const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const read = (text: string) => readPickle(ascii(text), 'x.pth');

test('a dictionary is a map, and what follows a pickle is left alone', () => {
  const { value, end } = read('\x80\x02}X\x01\x00\x00\x00aK\x07s.rest');
  assert.deepEqual(value, new Map([['a', 7]]));
  assert.equal(end, '\x80\x02}X\x01\x00\x00\x00aK\x07s.'.length);
});

const hostile: Readonly<Record<string, { readonly pickle: string; readonly message: RegExp }>> = {
  'calls a function of the system': {
    pickle: 'cposix\nsystem\n(U\x02lstR.',
    message: /^x\.pth: the pickle asks for "posix\.system", which is not a part of a state dict/,
  },
  'names it on the stack': {
    pickle: '\x80\x04\x8c\x08builtins\x8c\x04eval\x93\x8c\x031+1\x85R.',
    message: /"builtins\.eval"/,
  },
  'hides it in an instance': { pickle: '(ios\nPopen\n.', message: /"os\.Popen"/ },
  'names a property of objects': { pickle: 'c__proto__\nconstructor\n.', message: /"__proto__\.constructor"/ },
  'asks for an extension': {
    pickle: '\x80\x02\x82\x01.',
    message: /byte 3 of the pickle: an unexpected opcode: got 0x82/,
  },
  'has an unknown opcode': { pickle: '\x80\x02\xff.', message: /byte 3 of the pickle: an unexpected opcode: got 0xff/ },
  'calls what is no function': { pickle: '\x80\x02K\x01)R.', message: /the pickle makes no sense/ },
  'refers to something that is no storage': { pickle: 'U\x01xQ.', message: /other than a storage: got "x"/ },
  'has a length beyond its end': { pickle: 'X\xf0\xff\xff\xff', message: /the pickle is cut off/ },
  'appends to what is no list': { pickle: '}K\x01a.', message: /it appends to what is no list/ },
  'takes more than there is': { pickle: '\x86.', message: /too little is on its stack/ },
  'closes a mark that is not open': { pickle: 't.', message: /no mark is set/ },
  'remembers nothing': { pickle: 'h\x07.', message: /nothing is remembered as 7/ },
  'makes a list as long as it likes': {
    pickle: ']}U\x06lengthJ\xff\xff\xff\x7fsb.',
    message: /sets attributes of what is no dictionary/,
  },
  'is cut off': { pickle: '\x80\x02}X\x09\x00\x00\x00a', message: /the pickle is cut off.*copy or download it again/ },
  'changes a function it was given': {
    pickle: '\x80\x02ccollections\nOrderedDict\n}X\x01\x00\x00\x00aK\x01sb.',
    message: /the pickle makes no sense/,
  },
};
for (const [what, { pickle, message }] of Object.entries(hostile))
  test(`a pickle that ${what} is refused`, () => {
    assert.throws(() => read(pickle), { name: 'UniAdapterError', message });
  });

/** A tuple of two times itself, thirty times over: 2³⁰ ones to whoever prints it. */
const endless = `K\x01${Array.from({ length: 30 }, (_, i) => `q${String.fromCharCode(i)}h${String.fromCharCode(i)}\x86`).join('')}`;

test('what a memo multiplies is never printed', () => {
  const bombs = {
    'a persistent id': [`${endless}Q.`, /other than a storage: got a list of 2/],
    'the name of a tensor': [`}${endless}${aTensor}s.`, /a tensor has a name that is no text: got a list of 2/],
    'a key without a tensor': [`}${endless}K\x01s.`, /no state dict: got a list of 2/],
    'a shape': [`ctorch._utils\n_rebuild_tensor_v2\n(NK\x00${endless})tR.`, /a tensor that cannot be: got a list of 2/],
    'a name to call': [`${endless}U\x01x\x93.`, /a name that is no text/],
  } as const;
  for (const [where, [pickle, message]] of Object.entries(bombs))
    assert.throws(() => readStateDict(read(pickle).value, find, 'x.pth'), { name: 'UniAdapterError', message }, where);
});

test('copies of what a memo shares are counted', () => {
  const pairs = `(${'K\x01K\x02\x86'.repeat(200)}lq\x00`;
  const copies = 'ccollections\nOrderedDict\nh\x00\x85R'.repeat(200);
  assert.throws(() => read(`${pairs}${copies}.`), /an OrderedDict with arguments that cannot be/);
  assert.deepEqual(read('ccollections\nOrderedDict\n(K\x01K\x02\x86l\x85R.').value, new Map([[1, 2]]));
});

test('whatever the bytes, there is a value or an error for users', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        readPickle(bytes, 'x.pth');
      } catch (error) {
        assert.ok(error instanceof UniAdapterError, String(error));
      }
    }),
    { numRuns: 3000 },
  );
});

const aTensor =
  'ctorch._utils\n_rebuild_tensor_v2\n((U\x07storagectorch\nFloatStorage\nU\x010U\x03cpuK\x0ctQK\x00K\x02\x85K\x01\x85tR';

const storage = { dtype: 'F32', key: '0', elements: 12 } as const;
const find = () => ({ file: 'x.pth', start: 100 });
const dictionary = (tensor: TorchTensor): Pickled => new Map([['model', new Map([['w', tensor]])]]);

test('tensors are located in their storage, with strides only where they are not row-major', () => {
  const at = (tensor: TorchTensor) => readStateDict(dictionary(tensor), find, 'x.pth').tensors.get('w');
  const place = { dtype: 'F32', file: 'x.pth' };
  assert.deepEqual(at(new TorchTensor(storage, 2, [2, 3], [3, 1])), { ...place, shape: [2, 3], start: 108, bytes: 24 });
  assert.deepEqual(at(new TorchTensor(storage, 0, [3, 2], [1, 3])), {
    ...{ ...place, shape: [3, 2], start: 100, bytes: 24, strides: [1, 3] },
  });
  assert.equal(at(new TorchTensor(storage, 0, [1, 4], [99, 1]))?.strides, undefined);
});

test('a tensor beyond its storage, and a file without a state dict, are refused', () => {
  const beyond = dictionary(new TorchTensor(storage, 8, [2, 3], [3, 1]));
  assert.throws(() => readStateDict(beyond, find, 'x.pth'), /tensor "w": reaches beyond .* elements 8 to 14, expected/);
  const repeated = dictionary(new TorchTensor(storage, 0, [2 ** 40, 2 ** 40], [0, 0]));
  assert.throws(() => readStateDict(repeated, find, 'x.pth'), /repeats its numbers: .*save tensor\.contiguous\(\)/);
  assert.throws(() => readStateDict(new Map([['epoch', 3]]), find, 'x.pth'), /holds no state dict: got "epoch"/);
});
