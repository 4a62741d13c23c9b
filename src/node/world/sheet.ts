// A contact sheet for looking at a dataset: pictures enlarged pixel by pixel, each with its first captions underneath.
import sharp from 'sharp';
import type { RetrievalSet } from '../../data/index.js';

export interface SheetOptions {
  /** How many items, from the first on. */
  readonly count: number;
  readonly columns: number;
  /** Edge of a shown picture in pixels. */
  readonly edge: number;
  /** Captions under each picture. */
  readonly captions: number;
}

const LINE = 15;
const GAP = 8;

/** Lays out the first items of a set as one PNG. */
export async function previewSheet(set: RetrievalSet, options: SheetOptions): Promise<Buffer> {
  const { columns, edge } = options;
  const shown = set.items.slice(0, options.count);
  const texts = shown.map((item) =>
    item.captions.slice(0, options.captions).flatMap((caption) => wrap(`– ${caption}`, edge / 6.6)),
  );
  const pitch = edge + LINE * Math.max(...texts.map((lines) => lines.length)) + 2 * GAP;
  const corner = (i: number) => ({
    left: GAP + (i % columns) * (edge + GAP),
    top: GAP + Math.floor(i / columns) * pitch,
  });
  const width = GAP + columns * (edge + GAP);
  const height = GAP + Math.ceil(shown.length / columns) * pitch;

  const pictures = await Promise.all(
    shown.map(async (_, i) => ({ input: await enlarged(set, i, edge), ...corner(i) })),
  );
  const writing = texts.flatMap((lines, i) =>
    lines.map(
      (line, l) => `<text x="${corner(i).left}" y="${corner(i).top + edge + LINE * (l + 1)}">${escapeXml(line)}</text>`,
    ),
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12">${writing.join('')}</svg>`;
  return sharp({ create: { width, height, channels: 3, background: 'white' } })
    .composite([...pictures, { input: Buffer.from(svg), left: 0, top: 0 }])
    .png()
    .toBuffer();
}

async function enlarged(set: RetrievalSet, index: number, edge: number): Promise<Buffer> {
  const { width, height, data } = await set.pixels(index);
  return sharp(data, { raw: { width, height, channels: 3 } })
    .resize(edge, edge, { kernel: 'nearest', fit: 'contain', background: 'white' })
    .png()
    .toBuffer();
}

/** Breaks a text into lines of at most `length` characters, between words. */
function wrap(text: string, length: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= length) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
