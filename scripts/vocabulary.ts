// Makes the tokenizer of a small backbone: npx tsx scripts/vocabulary.ts CAPTIONS.txt OUT/tokenizer.json [SIZE]
// CAPTIONS.txt has one text a line. The names and tags that people gave to emoji (emojibase-data, MIT) are added once each,
// so words that are common in the captions come first and become single tokens.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bertTokenizerJson, buildVocabulary, cleanCaption } from '../src/data/text/index.js';
import { readBytes, writeAtomically } from '../src/files/files.js';

const [captionsPath, outPath, size = '2048'] = process.argv.slice(2);
if (captionsPath === undefined || outPath === undefined) {
  console.error('usage: npx tsx scripts/vocabulary.ts CAPTIONS.txt OUT/tokenizer.json [SIZE]');
  process.exit(2);
}

const captions = new TextDecoder().decode(await readBytes(captionsPath)).split('\n');
const texts = [...captions, ...(await emojiTexts())].map((text) => cleanCaption(text));
const vocabulary = buildVocabulary(texts, Number(size) - 2); // [DEC] and [ENC] are added after it
await writeAtomically(outPath, `${JSON.stringify(bertTokenizerJson(vocabulary))}\n`);
console.log(`${outPath}: ${vocabulary.length + 2} tokens from ${texts.length} texts`);

async function emojiTexts(): Promise<string[]> {
  const file = fileURLToPath(import.meta.resolve('emojibase-data/en/data.json'));
  const emoji: { label: string; tags?: string[] }[] = JSON.parse(await readFile(file, 'utf8'));
  return emoji.flatMap(({ label, tags = [] }) => [label, ...tags]);
}
