// What is wrong with a dataset, found all at once and shown in one table instead of one error per run.
import { fail, visible } from '../../error/index.js';

/** One thing that is wrong with one entry of a dataset. */
export interface Flaw {
  /** Line of the manifest or number of the entry, from 1. */
  readonly line: number;
  /** The file that has it, where a dataset is written down in several. */
  readonly source?: string;
  /** The file's path as the manifest has it, if it could be read. */
  readonly media?: string;
  readonly what: string;
  readonly got: string;
  readonly expected: string;
}

const ROWS = 20;
const WIDEST = 60;
const LONGEST_PATH = 120;

/** The flaws as an aligned text table: at most 20 rows, and how many more there are. */
export function flawTable(flaws: readonly Flaw[]): string {
  const shown = [...flaws].sort((a, b) => compare(a.source, b.source) || a.line - b.line).slice(0, ROWS);
  const rows = [
    ['line', 'file', 'what', 'got', 'expected'],
    ...shown.map((flaw) => [
      visible(placeOf(flaw)),
      shortenPath(flaw.media ?? ''),
      ...[flaw.what, flaw.got, flaw.expected].map(shorten),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd());
  return [...lines, ...(flaws.length > ROWS ? [`  … and ${flaws.length - ROWS} more`] : [])].join('\n');
}

/**
 * Throws one error that holds the table.
 *
 * @param where  the dataset's path
 * @throws `data`, always
 */
export function failWithFlaws(where: string, flaws: readonly Flaw[]): never {
  fail('data', {
    where,
    what: `${flaws.length} ${flaws.length === 1 ? 'entry' : 'entries'} cannot be used\n${flawTable(flaws)}\n`,
    fix: 'correct them, or leave them out with --skip-bad',
  });
}

const placeOf = ({ source, line }: Flaw): string => (source ? `${source} ${line}` : `${line}`);

const compare = (a = '', b = ''): number => (a < b ? -1 : Number(a > b));

/** Its end says more. */
function shortenPath(path: string): string {
  const line = visible(path);
  return line.length > LONGEST_PATH ? `…${line.slice(1 - LONGEST_PATH)}` : line;
}

function shorten(cell: string): string {
  const line = visible(cell.replace(/\s+/g, ' '));
  return line.length > WIDEST ? `${line.slice(0, WIDEST - 1)}…` : line;
}
