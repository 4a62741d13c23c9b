export { type CaptionMetrics, captionIntervals, captionMetrics, typicalCaption } from './captions.js';
export { chanceRecalls } from './chance.js';
export { exactMatch } from './exact-match.js';
export { type Interval, meanIntervals, medianInterval, shareInterval, wilson } from './interval.js';
export { type Guess, type Guesses, guessFrom, type LearntQuestion, questionOnly } from './question-only.js';
export * from './recall.js';
export { type AnsweredQuestion, normaliseAnswer, type VqaScores, vqaAccuracy, vqaScores } from './vqa-accuracy.js';
