// The shipped backbone's sizes and its tokenizer, whose vocabulary is every word of the world and of the names of emoji.

import { CLIP_MEAN, CLIP_STD } from '../../src/data/image/index.js';
import {
  bertTokenIds,
  bertTokenizerJson,
  buildVocabulary,
  cleanCaption,
  createCodec,
  createTokenizer,
} from '../../src/data/text/index.js';
import type { BackboneInfo } from '../../src/format/index.js';
import { loadConcepts } from '../../src/world/art/atlas.js';
import { words } from '../../src/world/index.js';

const vocabularySize = 2048;
/** How often a word of the world counts: each becomes a single token. */
const often = 20;

export const concepts = await loadConcepts();
const texts = [...Array(often).fill(words()).flat(), ...concepts.flatMap(({ label, tags }) => [label, ...tags])];
const vocabulary = buildVocabulary(
  texts.map((text: string) => cleanCaption(text)),
  vocabularySize - 2, // [DEC] and [ENC] come after it
);
export const tokenizerJson = bertTokenizerJson(vocabulary);
const tokens = bertTokenIds(vocabulary);

const tower = { width: 128, layers: 4, heads: 4, mlp: 512 };

export const info: BackboneInfo = {
  format: 1,
  name: 'tiny',
  vision: { imageSize: 64, patch: 8, ...tower, eps: 1e-6 },
  text: { vocabulary: vocabularySize, positions: 32, ...tower, eps: 1e-12 },
  projection: 64,
  decoder: { tied: true },
  preprocess: { mean: [...CLIP_MEAN], std: [...CLIP_STD], resize: 'bicubic' },
  tokens,
  maxTokens: 24,
  sees: [
    'drawn things such as emoji, alone or a few on plain ground; their names in English, their colours, how many there are',
    'not: plain shapes, photographs, where things are, which way they move',
  ],
  notices: [
    'Trained on pictures composed of Noto Emoji (Google, Apache-2.0) and Twemoji (Twitter and contributors, CC BY 4.0).',
    'Names and tags of emoji: emojibase-data (MIT), from Unicode CLDR (Unicode licence).',
  ],
};

export const codec = createCodec(createTokenizer(tokenizerJson, tokens), {
  maxTokens: info.maxTokens,
  positions: info.text.positions,
});
