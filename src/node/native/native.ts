// The packages with native code. Each is loaded here, when it is first needed: some computers have no build of one of them,
// and whatever does without it works there.

import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import type { default as OpenPicture, Sharp } from 'sharp';
import { fail } from '../../error/index.js';

/** What is to be known of a package when it cannot be loaded. */
interface Native {
  /** What needs it. */
  readonly use: string;
  /** Platforms that it has a build for. */
  readonly builds: readonly string[];
  /** What can be done on any other. */
  readonly otherwise: string;
}

const COMMON = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];
const MUSL = ['linux-x64-musl', 'linux-arm64-musl'];
const RARE = ['linux-arm', 'linux-ppc64', 'linux-riscv64', 'linux-s390x', 'win32-ia32'];
const ELSEWHERE = 'use a computer or a container image that is one of these, such as Debian’s instead of Alpine’s';

export const NATIVE = {
  'onnxruntime-node': { use: 'running a model', builds: COMMON, otherwise: ELSEWHERE },
  sharp: { use: 'opening a picture', builds: [...COMMON, ...MUSL, 'darwin-x64', ...RARE], otherwise: ELSEWHERE },
  '@lancedb/lancedb': {
    use: 'an index in a folder or an object store',
    builds: [...COMMON, ...MUSL],
    otherwise: 'keep it in PostgreSQL instead: --store postgres://user@host/database',
  },
  'fs-native-extensions': {
    use: 'locking a file',
    builds: [...COMMON, 'darwin-x64'],
    otherwise: ELSEWHERE,
  },
  'node-av': {
    use: 'opening a video',
    builds: [...COMMON, 'darwin-x64'],
    otherwise: 'make a folder of frames of each video',
  },
} as const satisfies Readonly<Record<string, Native>>;

export type NativeName = keyof typeof NATIVE;
/** How a package is loaded; a parameter so that tests can be without one. */
export type Read = (name: NativeName) => unknown;

const TELEMETRY_OFF = 'ORT_DISABLE_TELEMETRY';
// Unless this is set before its first session, ONNX Runtime gives the computer an id and tells its maker what it runs. What a
// thread sets is its own, and no library sees it: that what is started later is quiet is up to the main thread.
const isQuiet = isMainThread || process.env[TELEMETRY_OFF] === '1';
process.env[TELEMETRY_OFF] = '1';

const require = createRequire(import.meta.url);

/** @throws `runtime` when it cannot be loaded, or cannot be kept from reporting */
export function onnxRuntime(): typeof import('onnxruntime-node') {
  if (!isQuiet)
    fail('runtime', {
      where: 'ONNX Runtime',
      what: 'would report that it is used, which cannot be turned off from a thread',
      fix: `import uniadapter/node in the main thread first, or set ${TELEMETRY_OFF}=1 before the process starts`,
    });
  return load('onnxruntime-node');
}

/** @throws `runtime` when it cannot be loaded */
export const lanceDB = (): typeof import('@lancedb/lancedb') => load('@lancedb/lancedb');

/** Opens a picture as sharp's own function does. @throws `runtime` when sharp cannot be loaded */
export const sharp = (...picture: Parameters<typeof OpenPicture>): Sharp =>
  load<typeof OpenPicture>('sharp')(...picture);

/** For who will open pictures and would have each of them fail. @throws `runtime` when sharp cannot be loaded */
export const needSharp = (): void => void load('sharp');

/** @throws `runtime` with what to do about it */
export function load<Module>(name: NativeName, read: Read = require): Module {
  try {
    return read(name) as Module;
  } catch (cause) {
    return failNative(name, cause as Error);
  }
}

/**
 * Says that a package is not there, and what to do about it.
 *
 * @param where     what needs it; default: what it is for
 * @param platform  default: this computer's
 */
export function failNative(
  name: NativeName,
  cause: Error,
  { where, platform = thisPlatform() }: { readonly where?: string; readonly platform?: string } = {},
): never {
  const { use, builds, otherwise }: Native = NATIVE[name];
  const isBuilt = builds.includes(platform);
  return fail('runtime', {
    where: where ?? use,
    what: `needs the package ${name}, which ${isBuilt ? 'cannot be loaded' : 'does not exist for this platform'}`,
    got: isBuilt ? (cause.message.split('\n')[0] ?? '').trim() : platform,
    ...(!isBuilt && { expected: builds.join(', ') }),
    fix: isBuilt
      ? `npm install --include=optional ${name}@${versionOf(name)}, or remove node_modules and install again`
      : otherwise,
    cause,
  });
}

/** `linux-x64`, `linux-x64-musl` */
function thisPlatform(): string {
  const { platform, arch, report } = process;
  if (platform !== 'linux') return `${platform}-${arch}`;
  Object.assign(report, { excludeNetwork: true }); // or it would look up the names of who is connected
  const { header } = report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return `linux-${arch}${header.glibcVersionRuntime === undefined ? '-musl' : ''}`;
}

function versionOf(name: NativeName): string {
  const { dependencies, optionalDependencies } = require('../../../package.json') as Record<
    string,
    Record<string, string>
  >;
  return { ...dependencies, ...optionalDependencies }[name] ?? 'latest';
}
