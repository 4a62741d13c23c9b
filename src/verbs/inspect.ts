// What is in a file of weights: parameters by module and role, sizes, hash.

import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { BASELINE_WORDS, type Baseline, type Reranking, rerankingText } from '../evaluate/index.js';
import { adapterReranking, modelReranking } from '../evaluate/trained-reranking.js';
import { found, sha256 } from '../files/files.js';
import { type AdapterEvaluation, byteCount, elementCount, type NamedArrays } from '../format/index.js';
import { full, type Method, uniadapter } from '../model/adapter/index.js';
import type { BlipConfig } from '../model/blip/index.js';
import { createModel, declarationsOf, methodOf } from '../model/index.js';
import { trainedFrames } from '../predict/programs/load.js';
import { openAdapter } from '../weights/store/adapter-folder.js';
import { openBackbone } from '../weights/store/backbone.js';
import { openSafetensors } from '../weights/tensors/tensors.js';

export interface Inspection {
  readonly kind: 'backbone' | 'adapter' | 'safetensors';
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  /** What else is worth a line, such as method, sizes and scores: name and value. */
  readonly facts: readonly (readonly [string, string])[];
  readonly groups: readonly {
    readonly module: string;
    readonly role: string;
    readonly tensors: number;
    readonly parameters: number;
    readonly bytes: number;
  }[];
  readonly total: { readonly tensors: number; readonly parameters: number; readonly bytes: number };
}

/** Inspects a backbone (a folder, or a shipped name), an adapter folder or a safetensors file. */
export async function inspect(path: string): Promise<Inspection> {
  if (path.endsWith('.safetensors')) return inspectFile(path);
  return (await isFile(join(path, 'adapter.json'))) ? inspectAdapter(path) : inspectBackbone(path);
}

async function inspectFile(path: string): Promise<Inspection> {
  const { arrays, metadata, bytes } = await openSafetensors(path);
  return {
    kind: 'safetensors',
    name: basename(path),
    bytes,
    sha256: await sha256(path),
    ...grouped(arrays, new Map()),
    facts: Object.entries(metadata).map(([key, value]) => [key, value.slice(0, 80)] as const),
  };
}

async function inspectAdapter(path: string): Promise<Inspection> {
  const { info, recipe, arrays } = await openAdapter(path);
  const file = join(path, 'adapter.safetensors');
  const { parameters, backbone, scores } = info;
  const roles = await openBackbone(recipe.backbone)
    .then(({ config }) => rolesOf(config, methodOf(recipe, 'training'), trainedFrames(recipe)))
    .catch(() => new Map<string, string>()); // an adapter can be looked at without its backbone
  const percent = ((100 * parameters.trainable) / parameters.all).toFixed(2);
  return {
    kind: 'adapter',
    name: basename(resolve(path)),
    bytes: (await stat(file)).size,
    sha256: await sha256(file),
    ...grouped(arrays, roles),
    facts: [
      ['method', `${info.method.name} ${JSON.stringify(info.method.options)}`],
      ['task', info.task],
      ['trained', `${parameters.trainable} of ${parameters.all} parameters (${percent} %)`],
      ['backbone', `${backbone.name}, sha256 ${backbone.sha256}`],
      ['created', `${info.created} by uniadapter ${info.packageVersion}, seed ${info.seed}`],
      ...(recipe.task === 'retrieval' ? rerankingFact(adapterReranking({ info, recipe })) : []),
      ...Object.entries(scores).map(([name, value]) => [name, scoreFact(name, value, info.evaluation)] as const),
      ...(info.evaluation?.remarks ?? []).map(({ text }) => ['remark', text] as const),
    ],
  };
}

/** `61.8 (57.0 to 66.4, n 400; 37.5 before, 0.3 by chance)` */
function scoreFact(name: string, value: number, evaluation: AdapterEvaluation | undefined): string {
  const { interval, n, baselines = {} } = evaluation?.standing[name] ?? {};
  const before = evaluation?.before[name];
  const others = [
    ...(before === undefined ? [] : [`${before.toFixed(1)} before`]),
    ...Object.entries(baselines).map(([by, other]) => `${other.toFixed(1)} by ${BASELINE_WORDS[by as Baseline] ?? by}`),
  ];
  const against = [
    ...(interval ? [`${interval.map((end) => end.toFixed(1)).join(' to ')}, n ${n}`] : []),
    ...(others.length > 0 ? [others.join(', ')] : []),
  ];
  return `${value.toFixed(1)}${against.length > 0 ? ` (${against.join('; ')})` : ''}`;
}

async function inspectBackbone(path: string): Promise<Inspection> {
  const { info, config, arrays, bytes, sha256 } = await openBackbone(path);
  const { vision, text } = info;
  return {
    kind: 'backbone',
    name: info.name,
    bytes,
    sha256,
    ...grouped(arrays, rolesOf(config, full())),
    facts: [
      ['images', `${vision.imageSize} pixels in patches of ${vision.patch}`],
      ['vision', `${vision.layers} layers, width ${vision.width}, ${vision.heads} heads`],
      ['text', `${text.layers} layers, width ${text.width}, ${text.heads} heads, ${text.vocabulary} tokens`],
      ...(info.sees ?? []).map((what) => ['sees', what] as const),
      ...rerankingFact(modelReranking({ adapter: null, backbone: { info } })),
      ...noted(config),
      ...(info.notices ?? []).map((notice) => ['notice', notice] as const),
    ],
  };
}

/** Where somebody measured whether re-ranking helps. */
const rerankingFact = (reranking: Reranking): readonly (readonly [string, string])[] =>
  reranking.stages ? [['re-ranking', rerankingText(reranking).replace(/^Re-ranking is /, '')]] : [];

/** What a UniAdapter would not do here as the paper says. */
function noted(config: BlipConfig): readonly (readonly [string, string])[] {
  const note = uniadapter().note?.(config);
  return note ? [['uniadapter', note]] : [];
}

/** Roles by path, of whatever the backbone can do. */
function rolesOf(config: BlipConfig, method: Method, frames: number | null = null): ReadonlyMap<string, string> {
  const tasks = config.decoder ? (['retrieval', 'answering', 'captioning'] as const) : (['retrieval'] as const);
  const declared = tasks.flatMap((task) => declarationsOf(createModel(config, method), { task, frames }));
  return new Map(declared.map(({ path, role }) => [path, role]));
}

/** Tensors by module and role, in the order of the file. */
function grouped(arrays: NamedArrays, roles: ReadonlyMap<string, string>): Pick<Inspection, 'groups' | 'total'> {
  const groups = new Map<string, Inspection['groups'][number]>();
  for (const [path, array] of arrays) {
    const role = roles.get(path) ?? '–';
    const module = moduleOf(path);
    const key = `${module} ${role}`;
    const sofar = groups.get(key) ?? { module, role, tensors: 0, parameters: 0, bytes: 0 };
    groups.set(key, add(sofar, { tensors: 1, parameters: elementCount(array.shape), bytes: byteCount(array) }));
  }
  const total = [...groups.values()].reduce<Size>(add, { tensors: 0, parameters: 0, bytes: 0 });
  return { groups: [...groups.values()], total };
}

interface Size {
  readonly tensors: number;
  readonly parameters: number;
  readonly bytes: number;
}

function add<T extends Size>(a: T, b: Size): T {
  return {
    ...a,
    tensors: a.tensors + b.tensors,
    parameters: a.parameters + b.parameters,
    bytes: a.bytes + b.bytes,
  };
}

/** `text_encoder.encoder.layer.3.attention.…` → `text_encoder.encoder.layer.3`: up to the first number. */
export function moduleOf(path: string): string {
  const parts = path.split('.').slice(0, -1);
  const number = parts.findIndex((part) => /^\d+$/.test(part));
  return (number < 0 ? parts : parts.slice(0, number + 1)).join('.') || path;
}

const isFile = async (path: string): Promise<boolean> => (await found(path))?.isFile() ?? false;
