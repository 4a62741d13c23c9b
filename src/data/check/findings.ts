// What to know about a dataset before training with it, the worst first.

import type { Problem } from '../../error/index.js';
import type { Readings } from '../../predict/programs/readings.js';
import {
  type Coverage,
  type Flaw,
  isLeak,
  type LeftOut,
  type Place,
  SPLIT_NAMES,
  type Split,
  sameBy,
} from '../items/index.js';
import type { MediaInfo } from '../video/index.js';

/** Something to know about a dataset. An error makes training fail or its results untrustworthy; a note is as it should be. */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'note';
  readonly kind:
    | 'entries'
    | 'unread'
    | 'missing'
    | 'unreadable'
    | 'leakage'
    | 'duplicates'
    | 'splits'
    | 'answers'
    | 'texts';
  /** Follows the number: `files are missing`. */
  readonly what: string;
  readonly count: number;
  /** At most five. */
  readonly examples: readonly string[];
}

/** An item with what its file turned out to be. */
export interface Seen extends Place {
  readonly path: string;
  readonly problem?: Problem;
  readonly info?: MediaInfo;
  /** Of a file; folders of frames have none. */
  readonly fileBytes?: number;
}

/** How many questions can be answered rightly from a list. */
export interface Answerable {
  /** Answers of the list. */
  readonly list: number;
  /** Of the splits whose answers are known. */
  readonly coverage: Readonly<Partial<Record<Split, Coverage>>>;
}

export interface Evidence {
  readonly seen: readonly Seen[];
  /** Groups of files with the same content. */
  readonly same: readonly (readonly Seen[])[];
  readonly flaws: readonly Flaw[];
  readonly leftOut: readonly LeftOut[];
  /** Annotation files that training needs and that are not there. */
  readonly absent: readonly string[];
  /** Null where nothing is chosen from a list. */
  readonly answers: Answerable | null;
  /** Null where the backbone is not here. */
  readonly readings: Readings | null;
  /** Whether what cannot be used is left out. */
  readonly skipBad: boolean;
}

const SEVERITIES: readonly Finding['severity'][] = ['error', 'warning', 'note'];
const EXAMPLES = 5;
/** Below it most of what can go wrong is not the model's fault. */
const LOW_COVERAGE = 0.5;

export function findings(evidence: Evidence): readonly Finding[] {
  const all = [
    ...badFindings(evidence),
    ...sameFindings(evidence),
    ...splitFindings(evidence),
    ...answerFindings(evidence),
    ...textFindings(evidence.readings),
    ...evidence.leftOut.map((one): Finding => ({ ...one, kind: 'unread' })),
  ];
  const rank = ({ severity }: Finding) => SEVERITIES.indexOf(severity);
  return all.filter(({ count }) => count > 0).sort((a, b) => rank(a) - rank(b));
}

type Kind = Finding['kind'];

/** @param one  what is said of one @param more  what is said of several */
function finding(
  severity: Finding['severity'],
  kind: Kind,
  [one, more]: readonly [string, string],
  examples: readonly string[],
): Finding {
  const count = examples.length;
  return { severity, kind, what: count === 1 ? one : more, count, examples: examples.slice(0, EXAMPLES) };
}

function badFindings({ flaws, seen, skipBad }: Evidence): Finding[] {
  const severity = skipBad ? 'warning' : 'error';
  const bad = seen.filter(({ problem }) => problem);
  const isMissing = ({ problem }: Seen) => problem?.what === 'is missing';
  return [
    finding(severity, 'entries', ['entry cannot be used', 'entries cannot be used'], flaws.map(flawText)),
    finding(
      severity,
      'missing',
      ['file is missing', 'files are missing'],
      bad.filter(isMissing).map((one) => `${one.path} (${one.split}, entry ${one.item.line})`),
    ),
    finding(
      severity,
      'unreadable',
      ['file cannot be read', 'files cannot be read'],
      bad.filter((one) => !isMissing(one)).map((one) => `${placeText(one)}: ${problemText(one)}`),
    ),
  ];
}

function sameFindings({ same, seen }: Evidence): Finding[] {
  const ids = sameBy(seen, ({ item }) => item.id).filter(isLeak);
  return [
    finding(
      'error',
      'leakage',
      ['content is in several splits', 'contents are in several splits'],
      same.filter(isLeak).map(groupText),
    ),
    finding('error', 'leakage', ['id is in several splits', 'ids are in several splits'], ids.map(groupText)),
    finding(
      'warning',
      'duplicates',
      ['content is several times in one split', 'contents are several times in one split'],
      same.filter((group) => !isLeak(group)).map(groupText),
    ),
  ];
}

/** Splits that are empty once what cannot be used is left out, and files for training that are not there. */
function splitFindings({ seen, absent }: Evidence): Finding[] {
  const isEmpty = (name: Split) => !seen.some(({ split, problem }) => split === name && !problem);
  const onlyTests = isOnlyForEvaluation(seen);
  const consequences = {
    train: [onlyTests ? 'warning' : 'error', 'split is empty: there is nothing to train with'],
    val: ['warning', 'split is empty: the parameters after the last epoch are kept'],
    test: ['warning', 'split is empty: there are no final scores'],
  } as const;
  const empty = SPLIT_NAMES.filter((name) => isEmpty(name) && !(onlyTests && name === 'val'));
  return [
    ...empty.map((name) => {
      const [severity, what] = consequences[name];
      return finding(severity, 'splits', [what, what], [name]);
    }),
    finding(
      onlyTests ? 'warning' : 'error',
      'splits',
      ['annotation file that training needs is not there', 'annotation files that training needs are not there'],
      absent,
    ),
  ];
}

/** Whether nothing is to be trained with, and something to be scored on. */
export const isOnlyForEvaluation = (places: readonly Pick<Place, 'split'>[]): boolean =>
  places.length > 0 && !places.some(({ split }) => split === 'train');

function answerFindings({ answers, seen }: Evidence): Finding[] {
  if (!answers) return [];
  const isUnknown = ({ split, item }: Seen) =>
    split === 'train' && item.questions.some((question) => question.answers.length === 0);
  const low = Object.entries(answers.coverage).filter(
    ([, { covered, questions }]) => covered < LOW_COVERAGE * questions,
  );
  return [
    finding(
      'warning',
      'answers',
      [
        'training item has questions without answers, which are left out',
        'training items have questions without answers, which are left out',
      ],
      seen.filter(isUnknown).map(placeText),
    ),
    finding(
      'warning',
      'answers',
      ['split has most of its answers outside of the list', 'splits have most of their answers outside of the list'],
      low.map(([name, own]) => `${name}: ${own.covered} of ${own.questions} questions are covered`),
    ),
  ];
}

/** Shares above which what the backbone does not read is worth a warning. */
const MUCH = { unknown: 0.03, cut: 0.05, alike: 0.02 };

/** Texts in a language, or about things, that the backbone has no words for; texts that are too long. */
export function textFindings(readings: Readings | null): Finding[] {
  if (!readings) return [];
  const { kind } = readings;
  const splits = SPLIT_NAMES.filter((name) => readings[name].texts > 0);
  const of = (part: number, all: number) => `${((100 * part) / all).toFixed(1)} % of ${all}`;
  const above = (key: keyof typeof MUCH, all: 'words' | 'texts', text: (name: Split, share: string) => string) =>
    splits
      .filter((name) => readings[name][key] > MUCH[key] * readings[name][all])
      .map((name) => text(name, of(readings[name][key], readings[name][all])));
  const split = (what: string): [string, string] => [`split ${what}`, `splits ${what}`];
  return [
    finding(
      'warning',
      'texts',
      split('with words that the backbone does not know; it reads [UNK] instead'),
      above('unknown', 'words', (name, share) => `${name}: ${share} words: ${readings[name].examples.join(', ')}`),
    ),
    finding(
      'warning',
      'texts',
      split(`with ${kind} that are too long for the backbone, which does not read their ends`),
      above('cut', 'texts', (name, share) => `${name}: ${share} ${kind}`),
    ),
    finding(
      'warning',
      'texts',
      split(`with ${kind} that differ and are the same to the backbone`),
      above('alike', 'texts', (name, share) => `${name}: ${share} ${kind}`),
    ),
  ];
}

const flawText = ({ source, line, media, what, got, expected }: Flaw): string =>
  `${source ? `${source} ` : ''}${line}${media ? ` ${media}` : ''} ${what}: got ${got}, expected ${expected}`;

const placeText = ({ item, split }: Place): string => `${item.media} (${split}, entry ${item.line})`;

const problemText = ({ problem }: Seen): string => [problem?.what, problem?.got].filter(Boolean).join(': ');

const groupText = (group: readonly Place[]): string =>
  group
    .slice(0, EXAMPLES)
    .map(({ item, split }) => `${split} ${item.media}`)
    .join(' = ');
