// An atlas: the sprites of one art style at several sizes, ready to be composited. Colours are premultiplied by alpha,
// so that averaging them is right at soft edges.

/** A square sprite, u8 [edge, edge, 4]: RGB premultiplied by alpha, and alpha. */
export interface Mip {
  readonly edge: number;
  readonly rgba: Uint8Array;
}

export interface Sprite {
  /** From the largest to the smallest. */
  readonly mips: readonly Mip[];
  /** Luminance → luminance (u8 [256]) such that every sprite's mean is the same: a tint must not tell the noun. */
  readonly equalise: Uint8Array;
}

export interface Atlas {
  readonly style: string;
  /** By code point in lower-case hexadecimal. */
  readonly sprites: ReadonlyMap<string, Sprite>;
}

/** The luminance that equalising moves the mean of every sprite to, of 1. */
export const MEAN_LUMINANCE = 0.55;
const MIP_EDGES = [96, 64, 48, 32, 24, 16, 12];

/**
 * Makes a sprite from one square picture.
 *
 * @param edge  of the picture; smaller mips are averaged down from it
 * @param rgba  u8 [edge, edge, 4], straight alpha
 */
export function makeSprite(edge: number, rgba: Uint8Array): Sprite {
  const mips: Mip[] = [{ edge, rgba: premultiplied(rgba) }];
  for (const smaller of MIP_EDGES.filter((e) => e < edge)) {
    // The smallest one so far that a whole number of pixels divides: as exact as from the largest, and faster.
    const source = mips.findLast((mip) => mip.edge % smaller === 0) ?? (mips[0] as Mip);
    mips.push({ edge: smaller, rgba: shrink(source, smaller) });
  }
  return { mips, equalise: equaliser((mips[0] as Mip).rgba) };
}

/** Luminance of RGB levels (Rec. 601), in the unit of its arguments. */
export function luminance(r: number, g: number, b: number): number {
  return 0.299 * r + 0.587 * g + 0.114 * b;
}

function premultiplied(rgba: Uint8Array): Uint8Array {
  const result = rgba.slice();
  for (let i = 0; i < rgba.length; i += 4) {
    const alpha = (rgba[i + 3] as number) / 255;
    for (let c = 0; c < 3; c++) result[i + c] = (rgba[i + c] as number) * alpha + 0.5;
  }
  return result;
}

/** A gamma curve through 0, 1 and (the sprite's mean → the common mean). */
function equaliser(rgba: Uint8Array): Uint8Array {
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < rgba.length; i += 4) {
    sum += luminance(rgba[i] as number, rgba[i + 1] as number, rgba[i + 2] as number);
    weight += rgba[i + 3] as number;
  }
  const mean = Math.min(0.95, Math.max(0.05, weight ? sum / weight : MEAN_LUMINANCE));
  const gamma = Math.log(MEAN_LUMINANCE) / Math.log(mean);
  return Uint8Array.from({ length: 256 }, (_, level) => Math.round(255 * (Math.max(level, 3) / 255) ** gamma));
}

/** Area averaging: every new pixel is the exact mean of the rectangle it covers, one axis after the other. */
function shrink({ edge, rgba }: Mip, target: number): Uint8Array {
  const narrow = averageRows(rgba, edge, edge, target);
  return new Uint8Array(new Uint8ClampedArray(averageRows(narrow, edge, target, target)).buffer); // rounds
}

/** [size, width, 4] → [width, target, 4]: averages the first axis and transposes, so that twice does both axes. */
function averageRows(from: Uint8Array | Float32Array, size: number, width: number, target: number): Float32Array {
  const to = new Float32Array(target * width * 4);
  const ratio = size / target;
  for (let row = 0; row < target; row++) {
    const start = row * ratio;
    const end = Math.min(size, start + ratio);
    for (let y = Math.floor(start); y < end; y++) {
      const share = (Math.min(end, y + 1) - Math.max(start, y)) / ratio;
      let p = y * width * 4;
      for (let q = row * 4, end = width * target * 4; q < end; q += target * 4, p += 4) {
        to[q] = (to[q] as number) + share * (from[p] as number);
        to[q + 1] = (to[q + 1] as number) + share * (from[p + 1] as number);
        to[q + 2] = (to[q + 2] as number) + share * (from[p + 2] as number);
        to[q + 3] = (to[q + 3] as number) + share * (from[p + 3] as number);
      }
    }
  }
  return to;
}
