// What takes a while to find out and changes now and then: it is found out again when somebody asks after a time.

/** Shortest time, and how many times as long as it took. */
const [FRESH_MS, TIMES] = [10_000, 20];

export interface Memoised<T> {
  /** Finds out, or gives what is known if that is not long ago; failures are not kept. */
  get(key: string): Promise<T>;
  /** The next one who asks finds out. */
  forget(key: string): void;
}

export function memoised<T>(find: (key: string) => Promise<T>): Memoised<T> {
  const known = new Map<string, { readonly found: Promise<T>; until: number }>();
  const get = async (key: string): Promise<T> => {
    const before = known.get(key);
    if (before && performance.now() < before.until) return before.found;
    const started = performance.now();
    const now = { found: find(key), until: Number.POSITIVE_INFINITY };
    known.set(key, now);
    try {
      const found = await now.found;
      const ended = performance.now();
      now.until = ended + Math.max(FRESH_MS, TIMES * (ended - started));
      return found;
    } catch (error) {
      known.delete(key);
      throw error;
    }
  };
  return { get, forget: (key) => void known.delete(key) };
}
