// The numbers of attention as a picture: a grid of rows × columns, smoothed to pixels and coloured.

/** What a model looked at in one frame. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** rows × columns numbers between 0 and 1. */
  readonly values: readonly number[];
}

/** From least to most, red, green and blue; dark to light, so that it can be told apart without colour. */
const COLOURS = [
  [33, 12, 120],
  [139, 10, 165],
  [219, 92, 104],
  [254, 188, 43],
  [240, 249, 33],
] as const;

/**
 * Cubic interpolation between the middles of the cells; at the border the outermost cells go on.
 *
 * @returns f32 [height, width], between 0 and 1
 */
export function smooth({ rows, columns, values }: Grid, width: number, height: number): Float32Array {
  const wide = stretch(Float32Array.from(values), columns, width); // [rows, width]
  const turned = transpose(wide, rows, width);
  const high = stretch(turned, rows, height); // [width, height]
  return transpose(high, width, height).map((value) => Math.min(1, Math.max(0, value)));
}

/**
 * Colours of values, the higher the less transparent, so that what was not looked at stays as it is.
 *
 * @param values  between 0 and 1
 * @returns u8 [values, 4]
 */
export function colour(values: Float32Array): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * values.length);
  values.forEach((value, i) => {
    const at = value * (COLOURS.length - 1);
    const from = Math.min(COLOURS.length - 2, Math.floor(at));
    const [low, high] = [COLOURS[from], COLOURS[from + 1]] as [readonly number[], readonly number[]];
    for (const c of [0, 1, 2]) pixels[4 * i + c] = mix(low[c] as number, high[c] as number, at - from);
    pixels[4 * i + 3] = 255 * value;
  });
  return pixels;
}

/** Every row of [rows, length] to a new length. */
function stretch(values: Float32Array, length: number, to: number): Float32Array {
  const rows = values.length / length;
  const out = new Float32Array(rows * to);
  for (let i = 0; i < to; i++) {
    const at = ((i + 0.5) * length) / to - 0.5;
    const left = Math.floor(at);
    const weights = catmullRom(at - left);
    for (let row = 0; row < rows; row++) {
      const cell = (k: number) => values[row * length + Math.min(length - 1, Math.max(0, left - 1 + k))] as number;
      out[row * to + i] = weights.reduce((sum, weight, k) => sum + weight * cell(k), 0);
    }
  }
  return out;
}

/** Weights of the four cells around a point that lies `t` of the way between the middle two. */
function catmullRom(t: number): readonly number[] {
  const [t2, t3] = [t * t, t * t * t];
  return [(-t3 + 2 * t2 - t) / 2, (3 * t3 - 5 * t2 + 2) / 2, (-3 * t3 + 4 * t2 + t) / 2, (t3 - t2) / 2];
}

function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      out[column * rows + row] = values[row * columns + column] as number;
  return out;
}

const mix = (a: number, b: number, share: number): number => a + (b - a) * share;
