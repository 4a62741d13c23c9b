// Work with adapters and files that may go away under it. Models only say that a file could not be read; what was meant by
// that is looked up then, so that the answer names what is gone.

import { fail, UniAdapterError } from '../../error/index.js';
import type { AdapterChoice } from '../../predict/local/types.js';
import type { MediaRef } from '../../server/index.js';
import type { Adapters } from '../adapters/adapters.js';
import type { MediaFile } from './media.js';

export interface Used {
  readonly adapters: Pick<Adapters, 'choice'>;
  readonly mediaFile: (ref: MediaRef) => Promise<MediaFile>;
}

/** An adapter by its name, and images and clips, that some work takes. */
export interface Using {
  readonly adapter: string;
  readonly media: readonly MediaRef[];
}

/**
 * Does some work with an adapter's folder and with files.
 *
 * @throws missing  when one of them is not there, or goes meanwhile; data  when one cannot be read
 */
export async function using<T>(
  { adapter, media }: Using,
  used: Used,
  work: (adapter: AdapterChoice, files: readonly string[]) => Promise<T>,
): Promise<T> {
  const folder = await used.adapters.choice(adapter);
  const files = await Promise.all(media.map(used.mediaFile));
  try {
    return await work(
      folder,
      files.map(({ path }) => path),
    );
  } catch (error) {
    return refuseUsed(error, { adapter, media }, used);
  }
}

/** Says of an error about a file whether the adapter or the media that were meant are gone. @throws the error otherwise */
export async function refuseUsed(error: unknown, { adapter, media }: Using, used: Used): Promise<never> {
  if (!(error instanceof UniAdapterError && error.code === 'file')) throw error;
  await used.adapters.choice(adapter);
  await Promise.all(media.map(used.mediaFile));
  return fail('data', { ...error.problem, fix: 'try again: it may just have been replaced', cause: error });
}
