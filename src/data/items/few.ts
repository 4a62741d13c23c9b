// Work on many things, a few of them at the same time: decoded frames of full size are large, and few of them are to be
// in memory at once, however many a batch has.

/** Enough to keep Node's four threads of decoding busy. */
const AT_ONCE = 8;

/**
 * The results of `work` on 0 … count − 1, in order. After an error nothing more is begun, and what runs is waited for:
 * nobody writes or reads any more when it is known.
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
  const workers = Array.from({ length: Math.min(AT_ONCE, count) }, worker);
  try {
    await Promise.all(workers);
  } finally {
    next = count;
    await Promise.allSettled(workers);
  }
  return results;
}
