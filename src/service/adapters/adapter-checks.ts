// What is done with adapters in a thread beside the server, since it computes for a second or more.

import type { AdapterDetails } from '../../server/index.js';
import type { Shelved } from './adapter-shelf.js';

/** For every kind what it is given and what comes of it, both such as threads can be sent. */
export interface AdapterChecks {
  /** Looks at an adapter as a whole: that it is one, asks for nothing immense and fits the backbone. */
  readonly adapter: { readonly given: { readonly folder: string; readonly backbone: string }; readonly result: null };
  readonly details: {
    readonly given: { readonly shelved: Shelved; readonly backbone: string; readonly isLoaded: boolean };
    readonly result: AdapterDetails;
  };
}

export interface AdapterThread {
  /** Does something in a thread. @throws stopped  when the signal is aborted; and what the work throws */
  ask<K extends keyof AdapterChecks>(
    kind: K,
    given: AdapterChecks[K]['given'],
    signal?: AbortSignal,
  ): Promise<AdapterChecks[K]['result']>;
}
