// Holds the tokenizer against the ids that tokenizer.py wrote: npx tsx bench/peers/tokenizer.ts FILE.json.gz

import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { bertTokenIds, bertTokenizerJson, createTokenizer } from '../../src/data/text/index.js';
import { bertVocabulary } from '../../src/weights/checkpoint/vocabulary.js';

/** A kind, a string, the ids of the Python tokenizer, those of the Rust one where they differ. */
type Row = readonly [string, string, readonly number[], readonly number[] | null];

const rows: Row[] = JSON.parse(gunzipSync(await readFile(process.argv[2] as string)).toString());
const vocabulary = await bertVocabulary();
const { encode } = createTokenizer(bertTokenizerJson(vocabulary), bertTokenIds(vocabulary));

/** Of a kind: how many strings, and how many of which ours and Python's, ours and Rust's, and those two differ. */
const tally = new Map<string, { strings: number; python: number; rust: number; between: number }>();
for (const [kind, text, python, rust] of rows) {
  const { ids, mask } = encode(text, 3 * text.length + 2);
  const ours = ids.subarray(1, mask.lastIndexOf(1)).join();
  const count = tally.get(kind) ?? { strings: 0, python: 0, rust: 0, between: 0 };
  tally.set(kind, count);
  count.strings++;
  if (ours !== python.join()) {
    count.python++;
    if (count.python <= 3) console.log(kind, JSON.stringify(text), `\n  ours     ${ours}\n  expected ${python.join()}`);
  }
  if (ours !== (rust ?? python).join()) count.rust++;
  if (rust) count.between++;
}
console.table(Object.fromEntries(tally));
