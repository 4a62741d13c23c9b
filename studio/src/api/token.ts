// Whether the server still takes the token that this browser has: another one may have been started meanwhile.

import { useSyncExternalStore } from 'react';

let isWanted = false;
const listeners = new Set<() => void>();

/** Sends a request, and notes when the server answers that it wants its token. */
export async function ask(request: Request): Promise<Response> {
  const response = await fetch(request);
  if (response.status === 401 && !isWanted) {
    isWanted = true;
    for (const listener of listeners) listener();
  }
  return response;
}

/** True from the first request that was refused for want of a token. */
export const useTokenWanted = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isWanted,
  );
