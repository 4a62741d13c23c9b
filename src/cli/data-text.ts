// A report about a dataset as text.

import type { RunDataReport } from '../data/check/check-data.js';
import type { Finding } from '../data/check/findings.js';
import { type Coverage, SPLIT_NAMES, type Summary } from '../data/items/index.js';
import { visible } from '../error/index.js';
import { BASELINE_WORDS, BASELINES, type BlindFigure, figureName } from '../evaluate/index.js';
import type { Readings } from '../predict/programs/readings.js';
import { brief, count, duration, percent } from '../report/page/numbers.js';
import { heightBars, type Style, table } from './terminal/index.js';

/** Counts by split, what texts and media are like, and every finding with examples. */
export function dataText(report: RunDataReport, style: Style): string {
  const facts = factsOf(report);
  const width = Math.max(...facts.map(([name]) => name.length));
  return [
    style.bold(visible(report.source)),
    countTable(report, style),
    facts.map(([name, value]) => `  ${style.dim(name.padEnd(width))}  ${value}`).join('\n'),
    ...(report.few.length > 0 ? [report.few.map((text) => `${style.yellow('note   ')} ${text}`).join('\n')] : []),
    ...(report.findings.length > 0 ? [report.findings.map((finding) => findingText(finding, style)).join('\n')] : []),
    verdict(report, style),
  ].join('\n\n');
}

function countTable({ splits }: RunDataReport, style: Style): string {
  const all = SPLIT_NAMES.map((name) => splits[name]);
  const types = [...new Set(all.flatMap(({ byType }) => Object.keys(byType)))].sort();
  const rows = [
    ['items', ...all.map(({ items }) => items)],
    ['captions', ...all.map(({ captions }) => captions)],
    ['questions', ...all.map(({ questions }) => questions)],
    ...types.map((type) => [
      `  ${type}`,
      ...all.map(({ byType }) => (Object.hasOwn(byType, type) ? byType[type] : undefined) ?? 0),
    ]),
  ].filter(([, ...values]) => values.some((value) => value !== 0));
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? count(cell) : cell)));
  return table([['', ...SPLIT_NAMES], ...cells], ['left', 'right'], style);
}

function factsOf({
  captionsPerItem,
  wordsPerCaption,
  media,
  answers,
  readings,
  sides,
  blind,
}: RunDataReport): (readonly [string, string])[] {
  const { kinds, width, height, seconds } = media;
  const files = Object.entries(kinds).map(([kind, number]) => `${count(number)} ${kindName(kind, number)}`);
  const fact = (name: string, value: string | null | false | undefined) => (value ? [[name, value] as const] : []);
  return [
    ...fact(
      'captions per item',
      captionsPerItem && `${meanText(captionsPerItem)}  ${heightBars(captionsPerItem.histogram)}`,
    ),
    ...fact('words per caption', wordsPerCaption && meanText(wordsPerCaption)),
    ...fact('unknown words', readings && readingText(readings)),
    ...fact('files', files.join(', ')),
    ...fact('width', width && medianText(width, (pixels) => `${pixels}`)),
    ...fact('height', height && medianText(height, (pixels) => `${pixels}`)),
    ...fact('duration', seconds && medianText(seconds, duration)),
    ...fact('left and right', sides && sidesText(sides)),
    ...Object.entries(answers?.coverage ?? {}).flatMap(([split, own]) =>
      fact(`${split} answers`, coverageText(own, answers?.list ?? 0)),
    ),
    ...Object.entries(blind).flatMap(([split, figures]) => fact(`${split}, not looking`, blindText(figures))),
  ];
}

function sidesText({ texts, example, isMirrored }: NonNullable<RunDataReport['sides']>): string {
  const said = `${count(texts)} training ${texts === 1 ? 'text says' : 'texts say'} one of them (“${example?.slice(0, 60)}”)`;
  return isMirrored
    ? `${said}, and training mirrors pictures all the same: set data.flip=auto`
    : `${said}, so training does not mirror pictures`;
}

/** What a model must beat: `accuracy of 120 questions: chance 2.0, the most common answer 31.7`. */
const blindText = (figures: readonly BlindFigure[]): string =>
  figures
    .map(({ name, n, baselines }) => {
      const known = BASELINES.flatMap((baseline) => {
        const value = baselines[baseline];
        return value === undefined ? [] : [`${BASELINE_WORDS[baseline]} ${value.toFixed(1)}`];
      });
      return `${figureName(name, 'item')} of ${count(n)}: ${known.join(', ') || 'unknown'}`;
    })
    .join('; ');

function kindName(kind: string, number: number): string {
  if (kind === 'frames') return number === 1 ? 'folder of frames' : 'folders of frames';
  return number === 1 ? kind : `${kind}s`;
}

const meanText = ({ min, mean, max }: Summary): string => `${min} … ${max}, ${brief(mean)} on average`;

const medianText = ({ min, median, max }: Summary, text: (value: number) => string): string =>
  min === max ? text(min) : `${text(min)} … ${text(max)}, median ${text(median)}`;

/** Of a backbone and the texts of every split. */
function readingText(readings: Readings): string {
  const splits = SPLIT_NAMES.filter((name) => readings[name].texts > 0);
  const unknown = splits.map((name) => `${percent(readings[name].unknown, readings[name].words)} in ${name}`);
  const sum = (key: 'cut' | 'texts') => splits.reduce((total, name) => total + readings[name][key], 0);
  const cut = sum('cut') > 0 ? `; ${percent(sum('cut'), sum('texts'))} of ${readings.kind} are cut` : '';
  return `${unknown.join(', ')}${cut}`;
}

function coverageText({ questions, covered, uncovered }: Coverage, list: number): string {
  const of = `${percent(covered, questions)} of ${count(questions)} questions`;
  const share = `${of} can be answered from a list of ${count(list)}`;
  const missing = uncovered.slice(0, 5).map(([answer, number]) => `${answer} (${number})`);
  return missing.length > 0 ? `${share}; not in it: ${missing.join(', ')}` : share;
}

function findingText({ severity, what, count: number, examples }: Finding, style: Style): string {
  const mark = { error: style.red('error  '), warning: style.yellow('warning'), note: style.dim('note   ') }[severity];
  const more = number > examples.length ? [`… and ${count(number - examples.length)} more`] : [];
  return [
    `${mark} ${count(number)} ${what}`,
    ...[...examples, ...more].map((line) => `          ${visible(line)}`),
  ].join('\n');
}

function verdict({ findings, splits, thorough }: RunDataReport, style: Style): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const depth = thorough ? '' : ' Files were not decoded, and not compared with each other (--quick).';
  if (errors > 0) return `${style.red('Not ready.')} Training would fail, or its results could not be trusted.${depth}`;
  if (splits.train.items === 0)
    return `${style.green('Ready for evaluation.')} There is nothing to train with.${depth}`;
  const isWarned = findings.some(({ severity }) => severity === 'warning');
  const rest = isWarned ? 'Warnings do not stop a run.' : 'Nothing is wrong.';
  return `${style.green('Ready.')} ${rest}${depth}`;
}
