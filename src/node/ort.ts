// The Backend on onnxruntime-node. run() blocks the event loop while it computes (microsoft/onnxruntime#19611).

import { realpathSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { parse, relative } from 'node:path';
import type { Tensor } from 'onnxruntime-node';
import type { Lowered } from '../compiler/onnx/index.js';
import type { Backend, Feeds, Files, Session } from '../compiler/runtime/index.js';
import type { DType, NumberArray, Shape } from '../compiler/tensor/index.js';
import { fail } from '../error/index.js';
import { onnxRuntime } from './native/native.js';

export interface OrtOptions {
  /** Threads inside an operator; default: all cores. Results are bit-equal only for the same number. */
  readonly threads?: number;
  /** Prefix of the JSON trace that ONNX Runtime writes when the session is released; default: no trace. */
  readonly profile?: string;
}

/** Models name mapped files from here; links that lead out of the folder would be refused, so names are free of them. */
const ROOT = parse(process.cwd()).root;

/** Optimisers that keep what is computed from weights alone, such as casts: a float32 copy in each program. */
const COPYING = ['ConstantFolding', 'FuseFp16InitializerToFp32NodeTransformer'];

/**
 * Programs that need less keep their memory from run to run: for small ones it is a tenth of the time. Larger ones give
 * it back, so that programs for texts of several lengths, or for training and evaluation, have it in turn.
 */
export const ARENA_BYTES = 2 ** 29;

/** ONNX Runtime on the CPU of this machine. @throws `runtime` when it cannot be loaded */
export function createOrtBackend(options: OrtOptions = {}): Backend {
  onnxRuntime(); // at once, not when the first model has been read
  return {
    target: 'cpu',
    freeBytes,
    nameOf: (file) => relative(ROOT, realpathSync(file)),
    load: (model, files, scratchBytes) => load(model, files, { ...options, scratchBytes }),
  };
}

/** Linux tells what is free or can be freed; elsewhere only what is unused is known, which is always little. */
const freeBytes = (): number =>
  process.platform === 'linux' ? (process.availableMemory?.() ?? freemem()) : totalmem();

async function load(
  model: Lowered,
  files: Files,
  { threads, profile, scratchBytes }: OrtOptions & { readonly scratchBytes: number },
): Promise<Session> {
  const { InferenceSession } = onnxRuntime();
  const session = await InferenceSession.create(model.bytes, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    enableCpuMemArena: scratchBytes < ARENA_BYTES,
    enableMemPattern: false, // a plan of the memory, made at the first run and held beside it: twice the memory, no faster
    extra: {
      session: {
        intra_op: { allow_spinning: '0' }, // decoders and other programs share the cores
        model_external_initializers_file_folder_path: ROOT,
        disable_prepacking: files.size > 0 ? '0' : '1', // what is packed is copied: only what was given to be copied
      },
      optimization: { disable_specified_optimizers: COPYING.join(';') },
    },
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
    externalData: [...files].map(([path, data]) => ({
      path,
      data: Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    })),
  }).catch((cause: unknown) => refused('load', cause));
  return {
    async run(feeds) {
      const results = await session.run(wrap(feeds, model)).catch((cause: unknown) => refused('run', cause));
      return Object.fromEntries(
        [...model.outputs.keys()].map((name) => [name, results[`out:${name}`]?.data as NumberArray]),
      );
    },
    async release() {
      if (profile !== undefined) session.endProfiling();
      await session.release();
    },
  };
}

function wrap(feeds: Feeds, { inputs }: Lowered): Record<string, Tensor> {
  const { Tensor } = onnxRuntime();
  const wrapped: Record<string, Tensor> = {};
  for (const [name, data] of Object.entries(feeds)) {
    const { dtype, shape } = inputs.get(name) as { dtype: DType; shape: Shape };
    wrapped[name] = new Tensor(dtype, data as Float32Array, shape as number[]);
  }
  return wrapped;
}

function refused(verb: string, cause: unknown): never {
  const message = cause instanceof Error ? cause.message : String(cause);
  return fail('runtime', { where: 'ONNX Runtime', what: `could not ${verb} the program`, got: message, cause });
}
