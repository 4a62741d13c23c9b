import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepted, nameFor } from './files.js';

const chosen = (path: string) => ({ name: path.split('/').at(-1) ?? '', webkitRelativePath: path });

test('an adapter is named after the folder that was chosen', () => {
  assert.equal(nameFor([chosen('red-cars/adapter.safetensors'), chosen('red-cars/adapter.json')]), 'red-cars');
  assert.equal(nameFor([chosen('runs/My first!/adapter/adapter.json')]), 'My-first-');
  assert.equal(nameFor([{ name: 'adapter.json', webkitRelativePath: '' }]), '');
  assert.equal(nameFor([]), '');
});

test('what lies beside an adapter in its folder is not sent', () => {
  const files = ['adapter.json', 'adapter.safetensors', 'README.md', 'state.safetensors', '.DS_Store'];
  assert.deepEqual(
    accepted(files.map((name) => new File([], name))).map(({ name }) => name),
    ['adapter.json', 'adapter.safetensors', 'README.md'],
  );
});
