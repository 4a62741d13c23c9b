export {
  type AnsweringBatch,
  type AnsweringOptions,
  type AnsweringStep,
  answeringParameters,
  answeringStep,
  answerNames,
  type QuestionSizes,
  questionNames,
} from './answering.js';
export { answerScorer, firstTokens, questionReader, type RankSizes } from './answering-evaluation.js';
export { type AnswerSizes, answerEvidence, attentionMap, type Evidence } from './attention.js';
export { type BeamOptions, beamSearch, type NextTokens, type WrittenText } from './beam.js';
export {
  type CaptioningBatch,
  type CaptioningOptions,
  type CaptioningStep,
  captioningParameters,
  captioningStep,
  captionNames,
  tokenEncoder,
} from './captioning.js';
export { type Features, UNWRITTEN } from './contrast.js';
export { type WriterSizes, writerMemory, writerStep, writerSteps } from './generation.js';
export { mixedTextEncoder, mixes, rowName, rowPaths } from './mixed.js';
export { fit, type ImageSizes, type Model } from './model.js';
export { byLoss, topByFirstToken } from './ranking.js';
export {
  momentumName,
  type RetrievalBatch,
  type RetrievalOptions,
  type RetrievalStep,
  retrievalParameters,
  retrievalStep,
} from './retrieval.js';
export { imageEncoder, imageFeatureEncoder, matcher, textEncoder } from './retrieval-evaluation.js';
export { contrastAll, encodePiece, matchPiece, type Part, pieceNames, pullPiece } from './retrieval-pieces.js';
