// Files that a request means and that went away, or cannot be read: that is no fault of the server, and no 500.

import { fail, UniAdapterError } from '../../error/index.js';

/** What is meant, and what to do when it is gone. */
export interface Meant {
  /** As others know it, such as `item 3f`. */
  readonly where: string;
  readonly fix?: string;
}

/** System errors of what is not there, or not as the server may read it: a link took its place. */
const GONE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR', 'ENXIO']);
/** What a moment later may succeed. */
const SHORT = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN']);

/**
 * An error of reading a file that a request means.
 *
 * @throws missing  when it is gone; busy  when the system is short of something; data  when it cannot be read; bugs as they are
 */
export function refuseUnread(error: unknown, { where, fix }: Meant): never {
  const code = systemCode(error);
  if (code === null && !(error instanceof UniAdapterError)) throw error;
  if (code !== null && SHORT.has(code))
    fail('busy', { where, what: 'cannot be opened now', got: code, fix: 'try again later', cause: error });
  if (code === null || GONE.has(code))
    fail('missing', { where, what: 'is not there any more', ...(fix && { fix }), cause: error });
  return fail('data', {
    where,
    what: 'cannot be read',
    got: code === 'EACCES' || code === 'EPERM' ? 'no permission' : code,
    fix: 'check the owner and the mode of the file and its folders',
    cause: error,
  });
}

/** Of the system error behind one of ours, too; null where there is none. */
export function systemCode(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('code' in error && 'syscall' in error) return String(error.code);
  if ('code' in error && error.code === 'ELOOP') return 'ELOOP';
  return error.cause === undefined ? null : systemCode(error.cause);
}
