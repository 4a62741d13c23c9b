// Work on many things, a few of them at the same time: decoded frames of full size are large, and few of them are to be
// in memory at once, however many a batch has.

/** Enough to keep Node's four threads of decoding busy. */
const AT_ONCE = 8;

/**
 * The results of `work` on 0 … count − 1, in order. After an error nothing more is begun.
 *
 * @throws what `work` throws first
 */
export async function fewAtOnce<T>(count: number, work: (i: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const i = next++;
      results[i] = await work(i);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, worker));
  } finally {
    next = count;
  }
  return results;
}
