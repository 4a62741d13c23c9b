// Bytes that are kept as long as there is room; what was not asked for longest goes first.

export interface BoundedCache {
  get(key: string): Uint8Array<ArrayBuffer> | undefined;
  put(key: string, value: Uint8Array<ArrayBuffer>): void;
}

/** @param limitBytes  of all that is kept */
export function boundedCache(limitBytes: number): BoundedCache {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>(); // in the order of use
  let bytes = 0;
  const remove = (key: string) => {
    bytes -= kept.get(key)?.length ?? 0;
    kept.delete(key);
  };
  return {
    get(key) {
      const value = kept.get(key);
      if (!value) return undefined;
      kept.delete(key);
      kept.set(key, value);
      return value;
    },
    put(key, value) {
      remove(key);
      if (value.length > limitBytes) return;
      kept.set(key, value);
      bytes += value.length;
      for (const [oldest] of kept) {
        if (bytes <= limitBytes) return;
        remove(oldest);
      }
    },
  };
}
