// How large the numbers of a recipe may be: well beyond what anyone has trained with, so that a slip of the keyboard or of
// bad will is told at once. What is within them may still be too much for a machine; its plan says so, before anything is
// taken.

/** Pixels a side. At patch 16 they are 16,385 tokens, and an image’s attention takes 1 GB a head (published: 480). */
export const MOST_PIXELS = 2048;
/** Frames of a clip (published: 16); the text looks at the tokens of all of them at once. */
export const MOST_FRAMES = 256;
/** Words, and tokens, of a text: no BERT has more positions than this, BLIP’s has 512. */
export const MOST_TOKENS = 4096;
/** Characters of a prompt: it stands before every caption, of which 20 tokens are usual. */
export const MOST_PROMPT = 1000;
/** Width of a bottleneck, and rank of an update: beyond the backbone’s own width, 768 or 1024, there is none. */
export const MOST_RANK = 4096;
/** Factors and weights of losses: larger ones leave nothing of what they are added to in single precision. */
export const MOST_FACTOR = 1e4;
/** AdamW’s step size is how far a parameter goes at once: some hundred times what parameters are. */
export const MOST_RATE = 10;
/** Samples of a step: each is compared with each other one, and so many squared are 256 MB (published: 256). */
export const MOST_BATCH = 8192;
/** Epochs: of one step each they are days of the smallest model. */
export const MOST_EPOCHS = 1e6;
/** Steps: years. */
export const MOST_STEPS = 1e9;
/** Bytes: as many as numbers of this language can count. */
export const MOST_BYTES = Number.MAX_SAFE_INTEGER;
/** Rows of the queue: at BLIP’s width of 256 they are 2 GB (published: 57,600). */
export const MOST_QUEUE = 2 ** 20;
/** Candidates that are scored again one by one (published: 256), or answers that are scored whole (VQA v2 has 3,128). */
export const MOST_CANDIDATES = 10_000;
/** Texts that are written side by side (BLIP: 3): each takes the memory of a text, and more than ten change no answer. */
export const MOST_BEAMS = 64;
