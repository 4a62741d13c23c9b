// npx tsx test/kept/make.ts: keeps small files of the version that runs, and what it says of them, below test/kept/versions.
// Run once per version, before it is followed by another: later versions have to open the files and to say the same.

import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '../../src/client/index.js';
import { startProcess } from '../../src/node/serve/process.test-support.js';
import { runToy, toyBackbone, toyData, toyRecipe } from '../../src/node/toy.test-support.js';
import { command, PLACE, SERVE, said, TRAIN, unpack } from './said.js';

const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
const kept = fileURLToPath(new URL(`versions/${version}`, import.meta.url));

await rm(PLACE, { recursive: true, force: true });
await mkdir(PLACE);
process.chdir(PLACE);
await toyBackbone('backbone', 1, ['red', 'green', 'blue', 'white', 'yes', 'no']);
await toyData('squares');
await mkdir('recipes');
for (const [name, task] of Object.entries({ search: 'retrieval', answers: 'answering', captions: 'captioning' })) {
  const recipe = toyRecipe('backbone', 'squares', [`task=${task}`, 'optimiser.learningRate=0.02']);
  await writeFile(join('recipes', `${name}.json`), JSON.stringify(recipe));
  await command('train', join('recipes', `${name}.json`), '--out', join('runs', name));
  if (name === 'search') await runToy(recipe, join('runs', 'stopped'), { stopAt: 3 });
}
await command('search', 'runs/search', 'red', '--in', 'squares', '--cache', 'features');
await command('index', 'squares', '--adapter', 'runs/search', '--store', 'store');
await serve();
await rm(kept, { recursive: true, force: true });
await cp('.', kept, { recursive: true });
process.chdir('/');
await unpack(version);
await writeFile(join(kept, 'said.json'), `${JSON.stringify(await said(), null, 1)}\n`);

/** A state folder with an adapter that was uploaded, one that was trained there, and a library that is indexed. */
async function serve(): Promise<void> {
  const server = await startProcess([...SERVE, '--port', '0']);
  const client = createClient({ url: server.url });
  const over = async ({ id }: { readonly id: string }) => {
    for await (const _ of client.jobEvents(id)); // until it is over
  };
  const adapter = join('runs', 'search', 'adapter');
  const files = (await readdir(adapter)).map(async (name) => new File([await readFile(join(adapter, name))], name));
  await client.addAdapter('uploaded', await Promise.all(files));
  await over(await client.startTraining({ name: 'trained', recipe: TRAIN }));
  for (const adapter of ['none', 'search', 'uploaded', 'trained'])
    await over(await client.startIndex({ library: 'squares', adapter }));
  await server.end('SIGTERM');
}
