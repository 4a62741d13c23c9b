// The README.md of an adapter folder: what it is, how good it is, how to use it, on one screen.

import { stringify } from 'yaml';
import { z } from 'zod';
import { safeParse } from '../json/index.js';
import type { AdapterInfo } from './adapter-info.js';

/** What an adapter is called that nobody has named. */
const UNNAMED = 'my-adapter';

/**
 * The card of an adapter, in Markdown, with the front matter that hubs read.
 * @param fileBytes size of adapter.safetensors
 * @param repo `owner/name` where it is published
 */
export function adapterCard(info: AdapterInfo, fileBytes: number, repo?: string): string {
  const { method, task, sizes, parameters, backbone } = info;
  const percent = ((100 * parameters.trainable) / parameters.all).toFixed(2);
  const name = repo ?? UNNAMED;
  return `---
${stringify(frontMatter(info, name)).trimEnd()}
---

# ${method.name} adapter for ${task}

Trained with [uniadapter](https://www.npmjs.com/package/uniadapter) ${info.packageVersion} on ${info.created.slice(0, 10)}, seed ${info.seed}. The backbone stays as it is; this folder holds only what was trained.

| | |
|---|---|
| Backbone | ${backbone.name}, ${grouped(backbone.parameters)} parameters, ${megabytes(backbone.bytes)} |
| Backbone SHA-256 | \`${backbone.sha256}\` |
| Method | ${method.name}, bottleneck ${sizes.bottleneck}, ${sizes.layers} layers of width ${sizes.width} |
| Trained | ${grouped(parameters.trainable)} of ${grouped(parameters.all)} parameters (${percent} %) |
| Adapter file | ${megabytes(fileBytes)} |

${scoreSection(info)}## Use

\`\`\`sh
npx uniadapter ${repo ? 'pull' : 'inspect'} ${name}
${commands[task](name)}
\`\`\`

\`\`\`ts
${code[task](name)}
\`\`\`

${recipeOf(info)}`;
}

type Task = AdapterInfo['task'];

/** What hubs sort and search by. https://huggingface.co/docs/hub/model-cards#model-card-metadata */
function frontMatter({ task, method, backbone, scores, recipe }: AdapterInfo, name: string): Record<string, unknown> {
  const data = safeParse(datasetSchema, recipe).data?.data;
  const metrics = Object.entries(scores).map(([metric, value]) => ({ type: metricType(metric), name: metric, value }));
  const dataset = { type: data?.format ?? 'manifest', name: data?.path.split(/[\\/]/).findLast(Boolean) ?? 'own' };
  const results = [{ task: { type: pipelines[task] }, dataset: { ...dataset, split: 'test' }, metrics }];
  return {
    library_name: 'uniadapter',
    ...(isRepository(backbone.name) && { base_model: backbone.name, base_model_relation: 'adapter' }),
    pipeline_tag: pipelines[task],
    tags: ['adapter', 'blip', method.name, task].filter((tag, i, all) => all.indexOf(tag) === i),
    ...(metrics.length > 0 && {
      metrics: [...new Set(metrics.map(({ type }) => type))],
      'model-index': [{ name: name.split('/').at(-1), results }],
    }),
  };
}

const datasetSchema = z.looseObject({ data: z.looseObject({ path: z.string(), format: z.string() }) });

/** Of the hub's list of tasks those that are nearest. */
const pipelines: Readonly<Record<Task, string>> = {
  retrieval: 'feature-extraction',
  answering: 'visual-question-answering',
  captioning: 'image-to-text',
};

/** `recall` of `textToMedia R@1`, `bleu` of `BLEU-4`. */
function metricType(name: string): string {
  const last = name.split(' ').at(-1) as string;
  if (/^R@\d+$/.test(last)) return 'recall';
  return name.startsWith('accuracy') ? 'accuracy' : last.replace(/-\d+$/, '').toLowerCase();
}

const isRepository = (name: string): boolean => /^\w[\w.-]*\/\w[\w.-]*$/.test(name);

const commands: Readonly<Record<Task, (name: string) => string>> = {
  retrieval: (name) => `npx uniadapter search ${name} "a red car on the left" --in photos`,
  answering: (name) => `npx uniadapter ask photo.jpg "what color is the car" --adapter ${name}`,
  captioning: (name) => `npx uniadapter caption photo.jpg --adapter ${name}`,
};

const code: Readonly<Record<Task, (name: string) => string>> = {
  retrieval: (name) => `import { openSearch } from 'uniadapter/node';
const search = await openSearch('${name}', { media: 'photos' });
console.log(await search.search('a red car on the left', 5));
await search.close();`,
  answering: (name) => `import { ask } from 'uniadapter/node';
console.log(await ask('${name}', 'photo.jpg', ['what color is the car']));`,
  captioning: (name) => `import { caption } from 'uniadapter/node';
console.log(await caption('${name}', ['photo.jpg']));`,
};

/** All keys, folded away: they are many. */
function recipeOf({ recipe }: AdapterInfo): string {
  return `<details><summary>The full recipe, which is in <code>adapter.json</code> too</summary>

\`\`\`yaml
${stringify(recipe).trimEnd()}
\`\`\`

</details>
`;
}

const BASELINE_HEADS: Readonly<Record<string, string>> = {
  ...{ chance: 'chance', majority: 'most common answer', firstWords: 'by first words' },
  ...{ question: 'by the question alone', single: 'best single answer', caption: 'one caption for all' },
};

/** Every figure with what it is to be read against, as far as that is known; then what it says, in words. */
function scoreSection({ scores, evaluation }: AdapterInfo): string {
  const names = Object.keys(scores);
  if (names.length === 0) return '';
  const { before = {}, standing = {}, remarks = [] } = evaluation ?? {};
  const blind = Object.keys(BASELINE_HEADS).filter((by) =>
    names.some((name) => by in (standing[name]?.baselines ?? {})),
  );
  const hasBefore = Object.keys(before).length > 0;
  const isKnown = Object.keys(standing).length > 0;
  const number = (value: number | undefined) => (value === undefined ? '' : `${Number(value.toFixed(3))}`);
  const rows = names.map((name) => {
    const { interval, baselines = {}, n } = standing[name] ?? {};
    return [
      ...[name, ...(hasBefore ? [number(before[name])] : []), number(scores[name])],
      ...(isKnown ? [interval?.map((end) => end.toFixed(1)).join('–') ?? ''] : []),
      ...blind.map((by) => number(baselines[by])),
      ...(isKnown ? [number(n)] : []),
    ];
  });
  const head = [
    ...['', ...(hasBefore ? ['backbone alone'] : []), hasBefore ? 'with the adapter' : ''],
    ...(isKnown ? ['95 %', ...blind.map((by) => BASELINE_HEADS[by] as string), 'n'] : []),
  ];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const said = remarks.map(({ text }) => `- ${text}`).join('\n');
  return `## Scores\n\n${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n\n${said ? `${said}\n\n` : ''}`;
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)} MB`;
}
