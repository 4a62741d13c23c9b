// Operations on values: each channel, or each neighbourhood, is mapped to new values in place of the old ones.
import type { Pixels } from './pixels.js';

/** Stretches each channel so that its darkest value becomes 0 and its brightest 255, as Pillow's `autocontrast`. */
export function autoContrast(source: Pixels): Pixels {
  return perChannel(source, (histogram) => {
    const low = histogram.findIndex((n) => n > 0);
    const high = histogram.findLastIndex((n) => n > 0);
    if (high <= low) return (value) => value;
    const scale = 255 / (high - low);
    return (value) => value * scale - low * scale;
  });
}

/** Spreads each channel's values so that all are about equally frequent, as Pillow's `equalize`. */
export function equalize(source: Pixels): Pixels {
  return perChannel(source, (histogram) => {
    const last = histogram.findLast((n) => n > 0) ?? 0;
    const step = Math.floor((histogram.reduce((a, b) => a + b, 0) - last) / 255);
    if (step === 0) return (value) => value;
    let below = Math.floor(step / 2);
    return (value) => {
      const level = Math.floor(below / step);
      below += histogram[value] as number;
      return level;
    };
  });
}

/** Multiplies every value by `factor`; 1 changes nothing, 0 is black. */
export function brightness(source: Pixels, factor: number): Pixels {
  return perChannel(source, () => (value) => value * factor);
}

/**
 * Moves every pixel away from the mean of its neighbourhood (itself 5, its eight neighbours 1 each, of 13).
 * The frame of one pixel stays as it is.
 *
 * @param factor  0 smooths, 1 changes nothing, 2 doubles the difference
 */
export function sharpness({ width, height, data }: Pixels, factor: number): Pixels {
  const out = Uint8Array.from(data);
  const stride = width * 3;
  for (let y = 1; y < height - 1; y++)
    for (let i = y * stride + 3; i < (y + 1) * stride - 3; i++) {
      const value = data[i] as number;
      let sum = 4 * value;
      for (let row = i - stride; row <= i + stride; row += stride)
        sum += (data[row - 3] as number) + (data[row] as number) + (data[row + 3] as number);
      const smooth = Math.round(sum / 13);
      out[i] = toByte(smooth + factor * (value - smooth));
    }
  return { width, height, data: out };
}

/** Maps every value through a table made from its channel's histogram; the map is asked for 0, 1, … 255 in this order. */
function perChannel(
  { width, height, data }: Pixels,
  mapFor: (histogram: Uint32Array) => (value: number) => number,
): Pixels {
  const out = new Uint8Array(data.length);
  for (let c = 0; c < 3; c++) {
    const map = mapFor(histogramOf(data, c));
    const table = Uint8Array.from({ length: 256 }, (_, value) => toByte(map(value)));
    for (let i = c; i < data.length; i += 3) out[i] = table[data[i] as number] as number;
  }
  return { width, height, data: out };
}

function histogramOf(data: Uint8Array, channel: number): Uint32Array {
  const histogram = new Uint32Array(256);
  for (let i = channel; i < data.length; i += 3) {
    const value = data[i] as number;
    histogram[value] = (histogram[value] as number) + 1;
  }
  return histogram;
}

function toByte(value: number): number {
  return Math.min(255, Math.max(0, Math.trunc(value)));
}
