// A contact sheet for looking at a dataset: pictures, or the frames of clips side by side, enlarged pixel by pixel,
// with captions, questions and answers underneath.
import type { OverlayOptions } from 'sharp';
import type { Pixels } from '../../data/image/index.js';
import type { Item, MediaSet } from '../../data/items/index.js';
import { positions } from '../../data/video/index.js';
import { sharp } from '../../node/native/native.js';

export interface SheetOptions {
  /** Of every item; 1 for pictures. */
  readonly frames: number;
  /** Items side by side. */
  readonly columns: number;
  /** Edge of a shown picture in pixels. */
  readonly edge: number;
  /** Captions under each item. */
  readonly captions: number;
}

const LINE = 15;
const GAP = 10;
const SEAM = 2;
const FONT = 'font-family="sans-serif" font-size="12"';
/** Of a character, in pixels, at the size of the writing. */
const CHARACTER = 6.4;

/** Lays out all items of a set as one PNG. */
export async function previewSheet({ items, ...set }: MediaSet, options: SheetOptions): Promise<Buffer> {
  const { columns, edge, frames, captions } = options;
  const tile = frames * (edge + SEAM) - SEAM;
  const texts = items.map((item) => linesOf(item, captions, Math.floor(tile / CHARACTER)));
  const tops = rowTops(texts, columns, edge);
  const corner = (i: number) => ({
    left: GAP + (i % columns) * (tile + GAP),
    top: tops[Math.floor(i / columns)] as number,
  });
  const width = GAP + Math.min(columns, items.length) * (tile + GAP);
  const height = tops.at(-1) as number;

  const pictures: OverlayOptions[] = [];
  for (const i of items.keys())
    for (const [f, picture] of (await set.frames(i, positions(frames, null))).entries()) {
      const { left, top } = corner(i);
      pictures.push({ input: await enlarge(picture, edge), left: left + f * (edge + SEAM), top });
    }
  const writing = texts.flatMap((lines, i) => lines.map((line, l) => written(line, corner(i), edge + LINE * (l + 1))));
  const svg = [`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`, ...writing, '</svg>'];
  return sharp(Buffer.alloc(3 * width * height, 255), { raw: { width, height, channels: 3 } })
    .composite([...pictures, { input: Buffer.from(svg.join('')), left: 0, top: 0 }])
    .png()
    .toBuffer();
}

const enlarge = ({ data, ...size }: Pixels, edge: number): Promise<Buffer> =>
  sharp(data, { raw: { ...size, channels: 3 } })
    .resize(edge, edge, { kernel: 'nearest' })
    .png()
    .toBuffer();

interface Line {
  readonly text: string;
  readonly colour: string;
}

/** Captions in black, questions in gray. */
function linesOf({ captions, questions }: Item, count: number, length: number): readonly Line[] {
  const asked = questions.map(({ question, answers, type }) => `${type}: ${question}? ${answers.join(', ')}`);
  return [
    ...captions.slice(0, count).map((caption) => ({ text: `– ${caption}`, colour: '#000' })),
    ...asked.map((text) => ({ text, colour: '#667' })),
  ].flatMap(({ text, colour }) => wrap(text, length).map((line) => ({ text: line, colour })));
}

/** Where each row of items begins, and where the sheet ends. */
function rowTops(texts: readonly (readonly Line[])[], columns: number, edge: number): readonly number[] {
  const tops = [GAP];
  for (let i = 0; i < texts.length; i += columns) {
    const lines = Math.max(...texts.slice(i, i + columns).map(({ length }) => length));
    tops.push((tops.at(-1) as number) + edge + LINE * lines + 2 * GAP);
  }
  return tops;
}

const written = (
  { text, colour }: Line,
  { left, top }: { readonly left: number; readonly top: number },
  down: number,
) => `<text x="${left}" y="${top + down}" fill="${colour}" ${FONT}>${escapeXml(text)}</text>`;

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
