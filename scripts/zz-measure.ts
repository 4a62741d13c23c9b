import { evaluateRetrieval, stagesOf } from '../src/evaluate/index.js';
import { loadTrained } from '../src/node/run/load.js';
import { withFirstCaption } from './pretrain/joint.js';
import { loadWorld } from './pretrain/world.js';

const { model, codec, preprocess } = await loadTrained({ adapter: null, task: 'retrieval' });
const world = await loadWorld('/tmp/honest-art', 64);
const set = world.gallery({ count: 500, split: 'test', domain: 'fluent3d', mode: 'train' });
const { scores } = await evaluateRetrieval(model, withFirstCaption(set), {
  codec,
  preprocess,
  frames: null,
  rerank: 16,
  similarityWeight: 0,
});
console.log(JSON.stringify(stagesOf(scores)), JSON.stringify(scores.textToMedia), JSON.stringify(scores.firstStage));
