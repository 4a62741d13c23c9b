// Karpathy's splits of MSCOCO and Flickr30K (and Flickr8K, of the same form): dataset_coco.json, dataset_flickr30k.json.
// https://cs.stanford.edu/people/karpathy/deepimagesent/
import type { Flaw } from '../items/flaw.js';
import type { Item } from '../items/item.js';
import { type Manifest, splitNamed } from '../items/manifest.js';
import { tidy } from '../items/media.js';
import { mergeItems } from '../items/merge.js';
import { isFields, listOf, readCaptions, show, wordsOf } from '../items/values.js';
import { type Annotations, type Entry, entriesOf, flawAt, imageIdOf, itemOf, wordsAt } from './annotations.js';

/**
 * Reads `{"images": [{"filename", "filepath", "split", "sentences": [{"raw"}]}]}`; the split `restval`, what is left of
 * COCO's validation images, trains. An image's id is COCO's number, or its file's name.
 */
export function parseKarpathy(file: Annotations): Manifest {
  const flaws: Flaw[] = [];
  const images = entriesOf(file, 'images', flaws).flatMap((entry) => readImage(entry) ?? []);
  return { items: mergeItems(images, flaws), flaws };
}

function readImage(entry: Entry): Item | undefined {
  const { fields, line, source, flaws } = entry;
  const name = wordsAt(entry, 'filename');
  if (name === undefined) return undefined;
  const media = tidy(`${wordsOf(fields.filepath) ?? '.'}/${name}`);
  const split = splitNamed(fields.split);
  if (!split) {
    const expected = 'train, restval, val or test';
    flawAt(entry, { what: 'has an unknown split', got: show(fields.split), expected }, media);
    return undefined;
  }
  const sentences = listOf(fields.sentences).map((sentence) => (isFields(sentence) ? sentence.raw : sentence));
  const captions = readCaptions(sentences.length > 0 ? sentences : [undefined], { line, source, media }, flaws);
  return captions.length > 0
    ? itemOf(entry, { id: imageIdOf(media), media, kind: 'image', captions, split })
    : undefined;
}
