// Counter-based randomness: a number is a function of (seed, purpose, index), never of what was drawn before.
// So any step of a run can be replayed alone, and a resumed run draws exactly what the uninterrupted one would have.
// The mixer is Philox-4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).

/** A stream of draws; each draw advances only this stream. */
export interface Stream {
  /** Uniform in [0, 1), 32 bits. */
  uniform(): number;
  /** Standard normal (Box–Muller). */
  normal(): number;
  /** Standard Gumbel, −log(−log u): argmax(log p + gumbel) samples from p. */
  gumbel(): number;
  /** Integer in [0, n). */
  below(n: number): number;
  /** One element of a non-empty list. */
  pick<T>(items: readonly T[]): T;
  /** A permutation of 0…n−1 (Fisher–Yates). */
  permutation(n: number): Uint32Array;
}

/**
 * The stream of draws that belongs to (seed, purpose, index).
 *
 * @param seed     the run's seed, an unsigned 32-bit integer
 * @param purpose  what the numbers are for, e.g. `'crop'`; different purposes never share numbers
 * @param index    which sample, step or epoch, an integer in [0, 2^53)
 * @example
 * const crop = stream(7, 'crop', epoch * size + i)
 * const x = crop.uniform()
 */
export function stream(seed: number, purpose: string, index: number): Stream {
  const key0 = seed >>> 0;
  const key1 = hash(purpose);
  const low = index >>> 0;
  const high = Math.floor(index / 2 ** 32) >>> 0;
  let counter = 0;
  let block: Uint32Array = new Uint32Array(0);
  const bits = (): number => {
    if (counter % 4 === 0) block = philox([counter / 4, 0, low, high], [key0, key1]);
    return block[counter++ % 4] as number;
  };
  const uniform = () => bits() / 2 ** 32;
  const open = () => (bits() + 0.5) / 2 ** 32; // never 0 or 1, safe under log
  const below = (n: number) => Math.floor(uniform() * n);
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(open())) * Math.cos(2 * Math.PI * open()),
    gumbel: () => -Math.log(-Math.log(open())),
    below,
    pick: (items) => items[below(items.length)] as (typeof items)[number],
    permutation(n) {
      const order = Uint32Array.from({ length: n }, (_, i) => i);
      for (let i = n - 1; i > 0; i--) {
        const j = below(i + 1);
        [order[i], order[j]] = [order[j] as number, order[i] as number];
      }
      return order;
    },
  };
}

/** 32-bit FNV-1a of a string. */
export function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

function philox(counter: readonly number[], key: readonly number[]): Uint32Array {
  let [c0, c1, c2, c3] = counter as [number, number, number, number];
  let [k0, k1] = key as [number, number];
  for (let round = 0; round < 10; round++) {
    const [hi0, lo0] = multiply(0xd2511f53, c0);
    const [hi1, lo1] = multiply(0xcd9e8d57, c2);
    [c0, c1, c2, c3] = [(hi1 ^ c1 ^ k0) >>> 0, lo1, (hi0 ^ c3 ^ k1) >>> 0, lo0];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return Uint32Array.of(c0, c1, c2, c3);
}

/** The 64-bit product of two 32-bit numbers as [high, low]. */
function multiply(a: number, b: number): [number, number] {
  const low = Math.imul(a, b) >>> 0;
  const a1 = a >>> 16;
  const a0 = a & 0xffff;
  const b1 = b >>> 16;
  const b0 = b & 0xffff;
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const cross = a0 * b1 + (middle & 0xffff);
  const high = a1 * b1 + Math.floor(middle / 65536) + Math.floor(cross / 65536);
  return [high >>> 0, low];
}
