// Loading while computing: the next batches are asked for before they are needed.

/**
 * The same values in the same order, with up to `ahead` of them under way while one is being used.
 * An error arrives at its place in the order; leaving early closes the source.
 *
 * @param ahead  values asked for in advance, at least 1
 */
export async function* prefetch<T>(source: AsyncIterable<T>, ahead = 2): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  const waiting: Promise<IteratorResult<T>>[] = [];
  const ask = () => {
    const next = iterator.next();
    next.catch(() => {}); // reported when its turn comes, not as an unhandled rejection before
    waiting.push(next);
  };
  try {
    for (let i = 0; i < ahead; i++) ask();
    for (;;) {
      const result = await (waiting.shift() as Promise<IteratorResult<T>>);
      if (result.done) return;
      ask();
      yield result.value;
    }
  } finally {
    await iterator.return?.();
  }
}
