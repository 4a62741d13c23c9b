// Search has two stages: rank everything by similarity, then score the best k again by the matching head.
// What the second one brings, and what it costs.
//   npx tsx examples/evaluate-two-stages.ts runs/first

import { evaluate, inspect } from 'uniadapter/node';

const [run = 'runs/first'] = process.argv.slice(2);

const { name, bytes, total, facts } = await inspect(run);
console.log(`${name}: ${total.parameters} parameters, ${bytes} bytes`);
for (const [fact, value] of facts) console.log(`  ${fact}: ${value}`);

for (const rerank of [0, 4, 16, 64]) {
  const started = performance.now();
  const { scores } = await evaluate(run, { retrieval: { rerank } });
  if (scores?.task !== 'retrieval') throw new Error(`${run} was not trained for retrieval`);
  const { textToMedia, mediaToText, items } = scores;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const recall = [textToMedia, mediaToText].map((way) => way['R@1']?.toFixed(1)).join(' / ');
  console.log(`best ${rerank} of ${items} scored again: R@1 text → image / image → text ${recall}, ${seconds} s`);
}
