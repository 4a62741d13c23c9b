// One process at a time may write to a place. The lock is the operating system's own, on an open file: it ends with the
// process that holds it, however that ends, and the system gives it to one alone. No clock, no process id and no file that
// was left behind decides; so it also holds between containers that share a disk.

import { constants } from 'node:fs';
import { type FileHandle, open, readFile, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { fail } from '../error/index.js';
import { load } from '../node/native/native.js';
import { codeOf, refuse } from './refusal.js';

/** Is given up when it is disposed of. */
export type Lock = AsyncDisposable;

/** What is said to who comes second. */
export interface Purpose {
  /** What is locked, as people know it. Default: the lock file. */
  readonly where: string;
  /** What the holder does there: `another process trains there`. */
  readonly what: string;
  readonly fix: string;
}

/** Between two tries of who waits; not all at the same moment. */
const WAIT_MS = [20, 60] as const;

/** What systems answer that cannot do what was asked for, on this disk or at all. */
const CANNOT: readonly unknown[] = ['ENOLCK', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL'];

/**
 * Takes a lock for as long as this process works on something.
 *
 * @param path  of the lock file, which is there only while the lock is held, or its holder was killed
 * @throws file  when another process has it, saying which and since when
 */
export async function hold(path: string, { where, what, fix }: Purpose): Promise<Lock> {
  const lock = await takeLock(path, where);
  return lock ?? fail('file', { where, what, got: await ownerOf(path), fix });
}

/** Does something while no other process that asks for the same lock does. @throws file  as {@link hold}; never for waiting */
export async function inTurn<T>(path: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    await using lock = await takeLock(path);
    if (lock) return await work();
    await setTimeout(WAIT_MS[0] + Math.random() * (WAIT_MS[1] - WAIT_MS[0]));
  }
}

/** Takes a lock. @returns null while another has it @throws file */
export async function takeLock(path: string, where = path): Promise<Lock | null> {
  for (;;) {
    const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o666).catch((error) =>
      refuse(error, where, 0),
    );
    const state = lockOpen(file);
    if (state === 'taken') {
      await file.close();
      return null;
    }
    if (state === 'unknown') warnOf(path);
    if (await isAt(file, path)) {
      await noteOwner(file).catch(() => null); // on a full disk, say; the lock holds all the same
      return {
        async [Symbol.asyncDispose]() {
          await rm(path, { force: true }); // while it is locked: no one else can have it yet
          await file.close();
        },
      };
    }
    await file.close(); // its holder removed it after we had opened it
  }
}

/**
 * Locks an open file, until it is closed.
 *
 * @returns `taken` while it is open and locked elsewhere, in this process or another; `unknown` where the disk or the
 * system has no locks
 */
export function lockOpen(file: FileHandle): 'ours' | 'taken' | 'unknown' {
  try {
    return native().tryLock(file.fd) ? 'ours' : 'taken';
  } catch (error) {
    if (!CANNOT.includes(codeOf(error))) throw error;
    return 'unknown';
  }
}

/** Whether a name still is that of an open file. */
export async function isAt(file: FileHandle, path: string): Promise<boolean> {
  const named = await stat(path, { bigint: true }).catch((error) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
  const { ino, dev } = await file.stat({ bigint: true });
  return named?.ino === ino && named.dev === dev;
}

/**
 * Makes two folders each other's at once, as if nothing were in between.
 *
 * @returns false where the disk or the system cannot
 */
export async function swap(one: string, other: string): Promise<boolean> {
  if (process.platform === 'win32') return false; // it renames thrice there
  try {
    await native().swap(one, other);
    return true;
  } catch (error) {
    if (!CANNOT.includes(codeOf(error))) throw error;
    return false;
  }
}

function warnOf(path: string): void {
  process.emitWarning(`${path}: this disk has no locks; see to it that no other process writes there`);
}

/** For people alone: who holds the lock is not decided by it. */
async function noteOwner(file: FileHandle): Promise<void> {
  await file.truncate();
  await file.write(`process ${process.pid} on ${hostname()}, since ${new Date().toISOString()}\n`, 0);
}

async function ownerOf(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => ''); // on Windows it cannot be read while it is locked
  return text.trim() || 'a process that has just begun';
}

interface Native {
  /** Of the whole file, exclusive; false while another open file has it. */
  tryLock(fd: number): boolean;
  swap(from: string, to: string): Promise<void>;
}

const native = (): Native => load('fs-native-extensions');
