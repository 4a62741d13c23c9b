// What is killed, and what has to be so afterwards.

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { namesIn, readSome, sha256 } from '../../src/files/files.js';
import { unpackAdapter } from '../../src/format/index.js';
import { toyBackbone, toyData, toyRecipe } from '../../src/node/toy.test-support.js';
import { openStore } from '../../src/node/vectors/open-store.js';
import { listIndexes } from '../../src/search/index-table.js';
import { CHECKSUMS, refuseDamaged } from '../../src/weights/tensors/checksums.js';
import { type Ended, start } from './process.js';

export interface Scenario {
  readonly name: string;
  /** Arguments of a command line that works in `folder`, new or left by a kill. */
  readonly args: (folder: string) => readonly string[];
  readonly environment: (folder: string) => Readonly<Record<string, string>>;
  /** Everything that the command leaves, as one text: after a kill and a second start the same as without. */
  readonly result: (folder: string) => Promise<string>;
  /** Of a folder that a kill left: what has its name is whole. @throws whatever is wrong */
  readonly whole: (folder: string) => Promise<void>;
  /** Runs until it is told to end, once it has said this. */
  readonly serves?: RegExp;
}

/** Runs a scenario to its end, or until it serves. @returns `took` until then */
export async function runIn(folder: string, { args, environment, serves }: Scenario): Promise<Ended> {
  const running = start(args(folder), environment(folder));
  if (!serves) return running.ended;
  const started = performance.now();
  await running.says(serves);
  const took = performance.now() - started;
  running.kill('SIGTERM');
  return { ...(await running.ended), took };
}

/** A toy model, its data and an adapter, in `root`. @param hub  address of a hub with `me/blip` */
export async function scenariosIn(root: string, hub: string, fixtures: string): Promise<readonly Scenario[]> {
  const backbone = await toyBackbone(join(root, 'backbone'));
  const data = await toyData(join(root, 'data'));
  const recipe = join(root, 'recipe.json');
  const steps = ['train.epochs=6', 'train.checkpointEvery=1', 'data.augment=release'];
  await writeFile(recipe, JSON.stringify(toyRecipe(backbone, data, steps)));
  const plain = { environment: (folder: string) => ({ XDG_CACHE_HOME: join(folder, 'cache') }) };
  const nothing = { whole: async () => {} };
  return [
    {
      name: 'train',
      ...plain,
      args: (folder) => ['train', recipe, '--out', join(folder, 'run'), '--resume'],
      result: (folder) => sha256(join(folder, 'run', 'adapter', 'adapter.safetensors')),
      whole: async (folder) => wholeRun(join(folder, 'run')),
    },
    {
      name: 'index',
      ...{ ...plain, ...nothing },
      args: (folder) => ['index', data, '--store', join(folder, 'store'), '--backbone', backbone],
      result: (folder) => rowsOf(join(folder, 'store')),
    },
    {
      name: 'pull',
      ...nothing,
      environment: (folder) => ({ XDG_CACHE_HOME: folder, HF_HUB_CACHE: join(folder, 'hub'), HF_ENDPOINT: hub }),
      args: () => ['pull', 'me/blip'],
      result: (folder) => contents(folder, (name) => /backbone\.(safetensors|json)$|blobs/.test(name)),
      whole: (folder) => wholeBlobs(join(folder, 'hub', 'models--me--blip', 'blobs')),
    },
    {
      name: 'convert',
      ...nothing,
      environment: (folder) => ({ XDG_CACHE_HOME: folder }),
      args: () => ['pull', join(fixtures, 'original', 'release.pth')],
      result: (folder) => contents(folder, (name) => /backbone\.(safetensors|json)$|tokenizer/.test(name)),
    },
    {
      name: 'export',
      ...{ ...plain, ...nothing },
      args: (folder) => ['export', backbone, '--out', join(folder, 'onnx'), '--task', 'retrieval'],
      result: (folder) => contents(join(folder, 'onnx'), () => true),
    },
    {
      name: 'serve',
      ...{ ...plain, ...nothing },
      serves: /^Studio +\S+$/m,
      args: (folder) => [
        ...['serve', data, '--backbone', backbone, '--state', join(folder, 'state'), '--port', '0'],
        ...['--store', join(folder, 'state', 'vectors')],
      ],
      result: async () => 'ended',
    },
  ];
}

/** A checkpoint and an adapter are there as a whole or not at all. */
async function wholeRun(run: string): Promise<void> {
  const checkpoint = join(run, 'checkpoint');
  if ((await namesIn(checkpoint)).length > 0) {
    const sums = await readFile(join(checkpoint, CHECKSUMS), 'utf8');
    for (const name of ['checkpoint.json', 'state.safetensors'])
      await refuseDamaged(sums, name, await readFile(join(checkpoint, name)), checkpoint);
  }
  const adapter = join(run, 'adapter');
  if ((await namesIn(adapter)).length > 0)
    unpackAdapter(await readSome(adapter, ['adapter.json', 'adapter.safetensors']), adapter);
}

/** What has the name of its hash has that hash. */
async function wholeBlobs(blobs: string): Promise<void> {
  for (const name of await namesIn(blobs))
    if (/^[0-9a-f]{64}$/.test(name) && (await sha256(join(blobs, name))) !== name)
      throw new Error(`${name} is not whole`);
}

async function rowsOf(address: string): Promise<string> {
  const store = await openStore(address);
  try {
    const lines: string[] = [];
    for (const { table, width, updated } of await listIndexes(store)) {
      const known = await (await store.table(table, width, {})).known();
      lines.push(...known.map(({ path, of, content }) => `${path} ${of} ${content}`), `complete ${updated !== null}`);
    }
    return lines.sort().join('\n');
  } finally {
    await store.close();
  }
}

/** Names without what differs between folders, and hashes. */
async function contents(folder: string, isWanted: (name: string) => boolean): Promise<string> {
  await mkdir(folder, { recursive: true });
  const lines: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && isWanted(relative(folder, path))) lines.push(`${entry.name} ${await sha256(path)}`);
  }
  return lines.sort().join('\n');
}
