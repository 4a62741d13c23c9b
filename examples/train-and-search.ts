// A folder of images with captions → an adapter → a search, as the command line does it.
//   npx tsx examples/train-and-search.ts photos "two children at the sea"

import { evaluate, openSearch, train } from 'uniadapter/node';

const [folder = 'photos', text = 'a red car on the left', backbone = 'tiny'] = process.argv.slice(2);
const out = 'runs/example';

const recipe = {
  backbone,
  data: { path: folder },
  method: { name: 'uniadapter', bottleneck: 32 },
  train: { epochs: 3, batch: 8 },
  retrieval: { queue: 256 }, // a small folder needs no more
} as const;

for await (const event of train(recipe, { out })) {
  if (event.type === 'plan') console.log(`${event.parameters.trainable} of ${event.parameters.all} parameters train`);
  if (event.type === 'step') console.log(`step ${event.step}/${event.steps}: loss ${event.losses.total?.toFixed(3)}`);
  if (event.type === 'done') console.log(`${event.adapterBytes} bytes in ${event.adapter}`);
}

const before = await evaluate(null, { data: folder, backbone });
const after = await evaluate(out);
const recall = ({ scores }: typeof before) => (scores?.task === 'retrieval' ? scores.textToMedia['R@1'] : undefined);
console.log(`text → image R@1: ${recall(before)} before, ${recall(after)} after`);

const search = await openSearch(out, { media: folder });
for (const { rank, path } of await search.search(text, 3)) console.log(rank, path);
await search.close();
