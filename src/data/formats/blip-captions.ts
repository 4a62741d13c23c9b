// BLIP's copies of the Karpathy splits, three files each: coco_karpathy_{train,val,test}.json and
// flickr30k_{train,val,test}.json. https://github.com/salesforce/BLIP, data/coco_karpathy_dataset.py
import type { Flaw } from '../items/flaw.js';
import type { Item, Split } from '../items/item.js';
import type { Manifest } from '../items/manifest.js';
import { tidy } from '../items/media.js';
import { mergeItems } from '../items/merge.js';
import { listOf, readCaptions } from '../items/values.js';
import { type Entry, entriesOf, imageIdOf, itemOf, type Part, wordsAt } from './annotations.js';

/** Reads lists of `{"image", "caption"}`; training files have an entry a caption, the others all captions in one. */
export function parseBlipCaptions(parts: readonly Part[]): Manifest {
  const flaws: Flaw[] = [];
  const rows = parts.flatMap(({ split, file }) =>
    entriesOf(file, null, flaws).flatMap((entry) => readRow(entry, split) ?? []),
  );
  return { items: mergeItems(rows, flaws), flaws };
}

function readRow(entry: Entry, split: Split): Item | undefined {
  const { fields, line, source, flaws } = entry;
  const image = wordsAt(entry, 'image');
  if (image === undefined) return undefined;
  const media = tidy(image);
  const values = listOf(fields.caption);
  const captions = readCaptions(values.length > 0 ? values : [undefined], { line, source, media }, flaws);
  return captions.length > 0
    ? itemOf(entry, { id: imageIdOf(media), media, kind: 'image', captions, split })
    : undefined;
}
