// DiDeMo, {train,val,test}_data.json: descriptions of moments. Retrieval takes all of a clip as one paragraph.
// Hendricks et al. 2017, https://arxiv.org/abs/1708.01641
import type { Flaw } from '../items/flaw.js';
import type { Item, Split } from '../items/item.js';
import type { Manifest } from '../items/manifest.js';
import { mergeItems } from '../items/merge.js';
import { type Entry, entriesOf, itemOf, type Part, wordsAt } from './annotations.js';

/**
 * Reads lists of `{"video", "description"}` into one caption per clip: its descriptions in the order of the file (which
 * is not the order of their ids), with a space between, as in CLIP4Clip and what followed it. Full stops that a
 * description ends with stay; cleaning makes spaces of them.
 */
export function parseDidemo(parts: readonly Part[]): Manifest {
  const flaws: Flaw[] = [];
  const rows = parts.flatMap(({ split, file }) =>
    entriesOf(file, null, flaws).flatMap((entry) => readRow(entry, split) ?? []),
  );
  const items = mergeItems(rows, flaws).map((item) => ({ ...item, captions: [item.captions.join(' ')] }));
  return { items, flaws };
}

function readRow(entry: Entry, split: Split): Item | undefined {
  const media = wordsAt(entry, 'video');
  const description = media === undefined ? undefined : wordsAt(entry, 'description', media);
  if (media === undefined || description === undefined) return undefined;
  return itemOf(entry, { id: media, media, kind: 'video', captions: [description], split });
}
