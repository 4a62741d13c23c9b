// node-av, FFmpeg in this process. It is an optional dependency under another licence (NOTICE), loaded when the first
// video is opened and not before.

import { failNative } from '../../native/native.js';

export interface Library {
  readonly av: typeof import('node-av/lib');
  readonly codes: typeof import('node-av/constants');
}

const importLibrary = async (): Promise<Library> => {
  const [av, codes] = await Promise.all([import('node-av/lib'), import('node-av/constants')]);
  return { av, codes };
};

/**
 * The library, silenced: what it has to say comes as errors.
 *
 * @param path  what it is needed for
 * @param load  a parameter so that tests can be without it
 * @throws `runtime` with the command that installs it
 */
export async function loadLibrary(path: string, load = importLibrary): Promise<Library> {
  const library = await load().catch((cause: Error) => failNative('node-av', cause, { where: path }));
  library.av.Log.setLevel(library.codes.AV_LOG_QUIET);
  return library;
}
