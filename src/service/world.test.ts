import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { createDecoder } from '../node/media/decoder.js';
import { refusal, temporaryFolder } from '../node/toy.test-support.js';
import { openUploads } from './files/uploads.js';
import { createDrawing, worldOptions } from './world.js';

const uploads = await openUploads(join(temporaryFolder(), 'uploads'), createDecoder());
after(() => uploads.close());
const draw = createDrawing(uploads);

test('what is not installed is told, and cannot be drawn', async () => {
  const { domains, missing } = worldOptions();
  assert.deepEqual(
    domains.map(({ name }) => name),
    ['noto', 'fluent3d', 'people'],
  );
  assert.deepEqual(missing, ['@lobehub/fluent-emoji-anim-1']);
  for (const [domain, kind] of [
    ['animations', 'video'],
    ['nothing', 'image'],
    ['__proto__', 'image'],
  ] as const) {
    const error = await refusal(draw({ domain, kind, seed: 1, size: 64 }));
    assert.deepEqual([error.code, /noto \(image, video\)/.test(error.message)], ['recipe', true]);
  }
});

test('a picture and a clip are drawn with what can be said and asked about them, the same for a seed', async () => {
  for (const [domain, kind] of [
    ['noto', 'image'],
    ['people', 'video'],
  ] as const) {
    const drawn = await draw({ domain, kind, seed: 5, size: 96 });
    assert.deepEqual([drawn.media.kind, drawn.media.width, drawn.media.height], [kind, 96, 96]);
    assert.ok(drawn.captions.length > 1 && drawn.questions.length > 0);
    const file = uploads.find(drawn.media.upload).path;
    assert.equal(((await sharp(file).metadata()).pages ?? 1) > 1, kind === 'video');
    const again = await draw({ domain, kind, seed: 5, size: 96 });
    assert.deepEqual(again.captions, drawn.captions);
    assert.deepEqual(await readFile(uploads.find(again.media.upload).path), await readFile(file));
    const other = await draw({ domain, kind, seed: 6, size: 96 });
    assert.notDeepEqual(other.captions, drawn.captions);
  }
});
