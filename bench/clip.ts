// The other side of the workload `embed-images-224`: transformers.js on a CLIP of the same ViT-B/16, from pictures to
// features, as a process like bench/serve.ts. The package is found where $TRANSFORMERS_JS says, a folder in which it is
// installed: it is no dependency of this project.
//   TRANSFORMERS_JS=FOLDER npx tsx bench/clip.ts MODEL, a folder that bench/peers/clip.py wrote

import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail } from '../src/error/index.js';
import { answerRuns } from './peer.js';

const PICTURES = 8;
const PIXELS = 224;

/** What is used of the package. */
interface TransformersJs {
  readonly env: { allowRemoteModels: boolean; localModelPath: string };
  readonly AutoProcessor: { from_pretrained(name: string): Promise<(pictures: unknown[]) => Promise<object>> };
  readonly CLIPVisionModelWithProjection: {
    from_pretrained(name: string, options: { dtype: 'fp32' }): Promise<(inputs: object) => Promise<object>>;
  };
  readonly RawImage: new (data: Uint8ClampedArray, width: number, height: number, channels: number) => unknown;
}

const { TRANSFORMERS_JS: home } = process.env;
if (!home)
  fail('runtime', {
    where: 'clip',
    what: 'TRANSFORMERS_JS is not set',
    fix: 'npm install @huggingface/transformers somewhere, and name that folder',
  });
const entry = createRequire(join(resolve(home), 'any.js')).resolve('@huggingface/transformers');
const package_ = join(dirname(entry), 'transformers.node.mjs');
const { env, AutoProcessor, CLIPVisionModelWithProjection, RawImage }: TransformersJs = await import(
  pathToFileURL(package_).href
);

const folder = resolve(process.argv[2] ?? '');
env.allowRemoteModels = false;
env.localModelPath = dirname(folder);
const processor = await AutoProcessor.from_pretrained(basename(folder));
const model = await CLIPVisionModelWithProjection.from_pretrained(basename(folder), { dtype: 'fp32' });
const bytes = new Uint8ClampedArray(3 * PIXELS ** 2).map((_, i) => (i * 7) % 251);
const pictures = Array.from({ length: PICTURES }, () => new RawImage(bytes, PIXELS, PIXELS, 3));
await answerRuns(async () => model(await processor(pictures)));
