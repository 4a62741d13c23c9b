// Holds decoding and resizing against what pictures.py wrote: npx tsx bench/peers/pictures.ts FOLDER
//
// Differences are in units of 1/255, by form of the file. Resizing is compared from what Pillow decoded, so that a
// difference of the decoders is not in it; `both` is the whole way from the file.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Pixels, resizeBicubic } from '../../src/data/image/index.js';
import { decodeImage } from '../../src/node/media/picture/image.js';

const SIZES = [224, 384, 480];

class Difference {
  max = 0;
  sum = 0;
  bytes = 0;

  add(ours: Pixels, theirs: Pixels): void {
    if (ours.width !== theirs.width || ours.height !== theirs.height)
      throw new Error(`${ours.width}×${ours.height}, expected ${theirs.width}×${theirs.height}`);
    for (const [i, value] of ours.data.entries()) {
      const difference = Math.abs(value - (theirs.data[i] as number));
      this.sum += difference;
      this.max = Math.max(this.max, difference);
    }
    this.bytes += ours.data.length;
  }
}

const folder = process.argv[2] as string;
const names = (await readdir(folder)).filter((name) => /^[^.]+\.[^.]+\.[^.]+$/.test(name));
const forms = new Map<string, Record<'decoded' | 'resized' | 'both', Difference> & { files: number }>();
for (const name of names) {
  const [, form, extension] = name.split('.') as [string, string, string];
  const of = forms.get(`${form}.${extension}`) ?? {
    ...{ files: 0, decoded: new Difference(), resized: new Difference(), both: new Difference() },
  };
  forms.set(`${form}.${extension}`, of);
  of.files++;
  const ours = await decodeImage(join(folder, name));
  const theirs = await decodeImage(join(folder, `${name}.decoded.png`));
  of.decoded.add(ours, theirs);
  for (const size of SIZES) {
    const expected = await decodeImage(join(folder, `${name}.${size}.png`));
    of.resized.add(resizeBicubic(theirs, size, size), expected);
    of.both.add(resizeBicubic(ours, size, size), expected);
  }
}

const shown = ({ max, sum, bytes }: Difference) => `${max} (${(sum / bytes).toFixed(4)})`;
console.log('largest difference, and the mean, in 1/255');
console.table(
  Object.fromEntries(
    [...forms].map(([form, { files, decoded, resized, both }]) => [
      form,
      { files, decoded: shown(decoded), resized: shown(resized), both: shown(both) },
    ]),
  ),
);
