// A way of adapting that the package does not have: scale and shift what every linear layer gives.
// Lian et al., "Scaling & Shifting Your Features", https://arxiv.org/abs/2210.08823
//   npx tsx examples/write-your-own-method.ts photos

import { type adapter, nn, recipe as recipes, tensor as t, taskOf, train } from 'uniadapter';
import { decidedFor, loadFresh, openDataset } from 'uniadapter/node';

/** One hook. Ones and zeros make the start exactly the backbone. */
const scaleAndShift = (): adapter.Method => ({
  name: 'scale and shift',
  roles: ['adapter', 'head'], // what trains, and what an adapter file would hold
  frameAware: false,
  hooks: (p) => ({
    linear: ({ path }, _, y) =>
      p
        .as('adapter')
        .at(`${path}.ssf`)
        .inside((p) => {
          const scale = p.param('scale', [nn.width(y)], nn.ones);
          const shift = p.param('shift', [nn.width(y)], nn.zeros);
          return t.add(t.mul(y, scale), shift);
        }),
  }),
});

const [path = 'photos', backbone = 'tiny'] = process.argv.slice(2);
const given = recipes.parseRecipe(
  {
    backbone,
    data: { path, augment: 'none' },
    optimiser: { learningRate: 1e-2 },
    train: { epochs: 12, batch: 8, evaluateEvery: 0 },
    retrieval: { queue: 256, matching: 0 },
  },
  'example',
);
const { splits } = await openDataset(path, { seed: given.train.seed });
const ready = await loadFresh(given, null, scaleAndShift());
const recipe = decidedFor(given, { splits }, ready); // what it leaves to the run
const looking = { ...ready, frames: null };

// The loop touches no file: what to train on, where to save and what time it is are given.
const events = train({
  ...looking,
  run: 'example',
  recipe,
  task: taskOf({ recipe, looking, testFrames: null, candidates: [], answerTokens: 0 }, 32),
  jitter: false,
  trainSet: () => splits.train,
  val: splits.val,
  test: splits.test,
  restore: async () => null,
  save: async () => 'nowhere',
  signal: new AbortController().signal,
  now: () => performance.now(),
});
for await (const event of events) {
  if (event.type === 'plan') console.log(`${event.method}: ${event.parameters.trainable} parameters train`);
  if (event.type === 'step') console.log(`step ${event.step}/${event.steps}: loss ${event.losses.total?.toFixed(3)}`);
}
