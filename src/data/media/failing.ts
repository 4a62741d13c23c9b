// What is wrong with an image or a clip that cannot be read.

import { fail, UniAdapterError } from '../../error/index.js';

/** Turns a system error about a media file into ours; errors of ours stay. */
export function failReading(path: string, error: NodeJS.ErrnoException): never {
  if (error instanceof UniAdapterError) throw error;
  const isMissing = error.code === 'ENOENT';
  const got = GOT[error.code ?? ''] ?? error.code ?? error.message;
  fail('file', {
    where: path,
    what: isMissing ? 'is missing' : 'cannot be read',
    got,
    expected: 'an image or a clip',
    cause: error,
  });
}

/** System errors in words. */
const GOT: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ELOOP: 'a symbolic link on the way',
  EACCES: 'no permission',
};
