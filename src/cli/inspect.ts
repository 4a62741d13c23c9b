// uniadapter inspect: what is in a backbone, an adapter or any safetensors file.

import { Command } from 'commander';
import { bytes, count, percent } from '../report/page/numbers.js';
import type { Inspection } from '../verbs/inspect.js';
import { findAdapter } from '../weights/store/adapter-name.js';
import { type Context, print, printJson, stylesOf } from './context.js';
import { type Style, table } from './terminal/index.js';

const EXAMPLES = `
Examples:
    $ uniadapter inspect tiny
    $ uniadapter inspect runs/first
    $ uniadapter inspect model.safetensors --json
`;

export const inspect = (context: Context): Command =>
  new Command('inspect')
    .summary('list parameters, roles and sizes')
    .description('List the parameters of a backbone, an adapter or a safetensors file by module and role.')
    .argument('<path>', 'backbone, adapter or run folder, .safetensors file, or a shipped backbone’s name')
    .option('--json', 'write it to stdout as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, { json }: { readonly json?: true }) => {
      const inspection = await (await context.run()).inspect((await findAdapter(path)) ?? path);
      if (json) printJson(context, inspection);
      else print(context, inspectionText(inspection, stylesOf(context).out));
    });

function inspectionText({ kind, name, bytes: size, sha256, facts, groups, total }: Inspection, style: Style): string {
  const rows = groups.map((group) => [
    group.module,
    group.role,
    count(group.tensors),
    count(group.parameters),
    percent(group.parameters, total.parameters),
    bytes(group.bytes),
  ]);
  const sum = ['all', '', count(total.tensors), count(total.parameters), '', bytes(total.bytes)].map(style.bold);
  return [
    `${style.bold(name)}, ${kind}, ${bytes(size)}`,
    ...[...facts, ['sha256', sha256] as const].map(([fact, value]) => `  ${style.dim(`${fact}:`)} ${value}`),
    '',
    table([['module', 'role', 'tensors', 'parameters', '', 'size'], ...rows, sum], ['left', 'left', 'right'], style),
  ].join('\n');
}
