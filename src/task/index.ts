export type { Features } from './contrast.js';
export {
  fit,
  type Model,
  momentumName,
  type RetrievalBatch,
  type RetrievalOptions,
  type RetrievalStep,
  retrievalParameters,
  retrievalStep,
} from './retrieval.js';
export { imageEncoder, matcher, textEncoder } from './retrieval-evaluation.js';
