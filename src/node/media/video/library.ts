// node-av, FFmpeg in this process. It is an optional dependency under another licence (NOTICE), loaded when the first
// video is opened and not before.

import { fail } from '../../../error/index.js';

export interface Library {
  readonly av: typeof import('node-av/lib');
  readonly codes: typeof import('node-av/constants');
}

const VERSION = '6.1.1';

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
  const library = await load().catch((cause: Error) =>
    fail('runtime', {
      where: path,
      what: 'needs the package node-av to be decoded, which cannot be loaded',
      got: (cause.message.split('\n')[0] ?? '').trim(),
      fix: `npm install node-av@${VERSION}`,
      cause,
    }),
  );
  library.av.Log.setLevel(library.codes.AV_LOG_QUIET);
  return library;
}
