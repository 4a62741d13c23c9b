export { type CaptionMetrics, captionMetrics } from './captions.js';
export { exactMatch } from './exact-match.js';
export * from './recall.js';
export { type AnsweredQuestion, normaliseAnswer, type VqaScores, vqaAccuracy, vqaScores } from './vqa-accuracy.js';
