// Float16 and bfloat16 as bit patterns in a Uint16Array: Node 20 has no Float16Array.
// Rounding is left to the float unit: adding and subtracting 2^52 rounds a double to an integer, ties to even.

/**
 * The IEEE half nearest to each number, ties to even; overflow becomes infinity, NaN stays NaN.
 * @param data f32, any length
 * @returns bit patterns of float16, same length
 */
export function halfOf(data: Float32Array): Uint16Array {
  return Uint16Array.from(data, halfBits);
}

/** The exact values of float16 bit patterns. */
export function floatOfHalf(halves: Uint16Array): Float32Array {
  values ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => floatOfHalfBits(bits));
  const floats = new Float32Array(halves.length);
  for (let i = 0; i < floats.length; i++) floats[i] = values[halves[i] as number] as number;
  return floats;
}

/** Of all bit patterns: looking up is many times faster than computing 200 million weights one by one. */
let values: Float32Array | undefined;

/** The exact values of bfloat16 bit patterns: the upper half of a float32. */
export function floatOfBrainHalf(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < bits.length; i++) bits[i] = (halves[i] as number) << 16;
  return new Float32Array(bits.buffer);
}

function halfBits(x: number): number {
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(x);
  if (Number.isNaN(x)) return sign | 0x7e00;
  if (magnitude >= 65520) return sign | 0x7c00; // half-way between the largest half, 65504, and 2^16
  // At most 2^-14 is subnormal: one unit is 2^-24. Above, a unit is 2^-10 of the power of two below.
  const exponent = Math.max(-14, Math.floor(Math.log2(magnitude)));
  const units = roundToEven(magnitude * 2 ** (10 - exponent)); // exact product, in [0, 2048]
  return sign | (units + ((exponent + 14) << 10)); // the implicit bit of normal numbers carries into the exponent
}

function roundToEven(x: number): number {
  return x + 2 ** 52 - 2 ** 52;
}

function floatOfHalfBits(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
