// npm run check: lint and format, types (all, of the core without Node, of the API and its client, of the studio), then the
// tests; what CI runs. The five static checks run side by side; the tests come last so that their closing line is the last one.

import { spawn } from 'node:child_process';

interface Check {
  readonly name: string;
  /** Arguments of node: the tools are run without npx, which costs half a second each. */
  readonly args: readonly string[];
}

const CHECKS: readonly Check[] = [
  {
    name: 'lint and format',
    args: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '--diagnostic-level=warn'],
  },
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '--pretty', 'false', '-p', '.'] },
  {
    name: 'types of the core',
    args: ['node_modules/typescript/bin/tsc', '--pretty', 'false', '-p', 'tsconfig.core.json'],
  },
  { name: 'types of the studio', args: ['node_modules/typescript/bin/tsc', '--pretty', 'false', '-p', 'studio'] },
  {
    name: 'types of the API and its client',
    args: ['node_modules/typescript/bin/tsc', '--pretty', 'false', '-p', 'tsconfig.web.json'],
  },
];

const passed = await Promise.all(CHECKS.map(check));
if (passed.includes(false)) {
  console.log('\nthe tests were not run: mend the above first (npm run format mends most of lint and format)');
  process.exitCode = 1;
} else {
  console.log();
  process.exitCode = await node(['--import', 'tsx', 'scripts/test.ts'], 'inherit').then(({ code }) => code);
}

/** Runs one check, prints its line and, when it failed, all it said. */
async function check({ name, args }: Check): Promise<boolean> {
  const start = performance.now();
  const { code, output } = await node(args, 'pipe');
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(5);
  console.log(`${code === 0 ? '✓' : '✗'} ${name.padEnd(44)} ${seconds} s${code === 0 ? '' : `\n${output}`}`);
  return code === 0;
}

function node(args: readonly string[], stdio: 'inherit' | 'pipe'): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', stdio, stdio] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes: Buffer) => (output += bytes));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
