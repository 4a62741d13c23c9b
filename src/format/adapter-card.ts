// The README.md of an adapter folder: what it is, how good it is, how to use it, on one screen.

import type { AdapterInfo } from './adapter-info.js';

/**
 * The card of an adapter, in Markdown.
 * @param fileBytes size of adapter.safetensors
 */
export function adapterCard(info: AdapterInfo, fileBytes: number): string {
  const { method, task, sizes, parameters, backbone } = info;
  const percent = ((100 * parameters.trainable) / parameters.all).toFixed(2);
  return `# ${method.name} adapter for ${task}

Trained with [uniadapter](https://www.npmjs.com/package/uniadapter) ${info.packageVersion} on ${info.created.slice(0, 10)}, seed ${info.seed}. The backbone stays as it is; this folder holds only what was trained.

| | |
|---|---|
| Backbone | ${backbone.name}, ${grouped(backbone.parameters)} parameters, ${megabytes(backbone.bytes)} |
| Backbone SHA-256 | \`${backbone.sha256}\` |
| Method | ${method.name}, bottleneck ${sizes.bottleneck}, ${sizes.layers} layers of width ${sizes.width} |
| Trained | ${grouped(parameters.trainable)} of ${grouped(parameters.all)} parameters (${percent} %) |
| Adapter file | ${megabytes(fileBytes)} |

${scoreTable(info.scores)}## Use

\`\`\`sh
npx uniadapter inspect my-adapter
${commands[task]}
\`\`\`

\`\`\`ts
${code[task]}
\`\`\`

The full recipe is in \`adapter.json\`.
`;
}

type Task = AdapterInfo['task'];

const commands: Readonly<Record<Task, string>> = {
  retrieval: 'npx uniadapter search my-adapter "a red car on the left" --in photos',
  answering: 'npx uniadapter ask photo.jpg "what color is the car" --adapter my-adapter',
  captioning: 'npx uniadapter caption photo.jpg --adapter my-adapter',
};

const code: Readonly<Record<Task, string>> = {
  retrieval: `import { openSearch } from 'uniadapter/node';
const search = await openSearch('my-adapter', { media: 'photos' });
console.log(await search.search('a red car on the left', 5));
await search.close();`,
  answering: `import { ask } from 'uniadapter/node';
console.log(await ask('my-adapter', 'photo.jpg', ['what color is the car']));`,
  captioning: `import { caption } from 'uniadapter/node';
console.log(await caption('my-adapter', ['photo.jpg']));`,
};

function scoreTable(scores: AdapterInfo['scores']): string {
  const rows = Object.entries(scores).map(([name, score]) => `| ${name} | ${Number(score.toFixed(3))} |`);
  return rows.length ? `## Scores\n\n| | |\n|---|---|\n${rows.join('\n')}\n\n` : '';
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)} MB`;
}
