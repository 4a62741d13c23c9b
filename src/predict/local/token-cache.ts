// Image tokens of what was looked at lately: several questions about one picture encode it once.

/** Tokens f32 [F·N, D] by key; those that were asked for last stay. */
export interface TokenCache {
  get(key: string): Float32Array | undefined;
  set(key: string, tokens: Float32Array): void;
  /** Forgets all keys that start so. */
  forget(prefix: string): void;
}

export function createTokenCache(maxBytes: number): TokenCache {
  const kept = new Map<string, Float32Array>();
  let bytes = 0;
  const remove = (key: string) => {
    bytes -= kept.get(key)?.byteLength ?? 0;
    kept.delete(key);
  };
  const touch = (key: string, tokens: Float32Array) => {
    remove(key);
    kept.set(key, tokens);
    bytes += tokens.byteLength;
  };
  return {
    get(key) {
      const tokens = kept.get(key);
      if (tokens) touch(key, tokens);
      return tokens;
    },
    set(key, tokens) {
      if (tokens.byteLength > maxBytes) return;
      touch(key, tokens);
      for (const oldest of kept.keys()) {
        if (bytes <= maxBytes) break;
        remove(oldest);
      }
    },
    forget(prefix) {
      for (const key of [...kept.keys()]) if (key.startsWith(prefix)) remove(key);
    },
  };
}
