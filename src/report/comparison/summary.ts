// The head of a comparison, and of each group: who is best, by how much, and how sure that is.

import { headlineOf, type Scores } from '../../evaluate/index.js';
import { type Html, html } from '../page/html.js';
import { count } from '../page/numbers.js';
import { type ComparedRun, type ComparisonData, type Group, scoresOf, waysOf } from './data.js';
import { badge, colourOf, named } from './look.js';
import { HEADLINES, type Placed, placeAll } from './score-table.js';

export function headOf({ runs, groups }: ComparisonData): Html {
  const [only, ...others] = groups as readonly [Group, ...Group[]];
  const lede = others.length === 0 ? verdict(only) : `${count(runs.length)} runs, ${groups.length} kinds of test`;
  return html`<header>
<h1>${count(runs.length)} runs compared</h1>
<p class="lede">${lede}</p>
${others.length === 0 ? race(only) : html`<p>Scores are compared within a kind of test only:</p><ul class="kinds">${groups.map(kind)}</ul>`}
</header>`;
}

const kind = ({ task, title, apart, runs }: Group): Html =>
  html`<li>${runs.map(badge)} ${task} · ${title}${apart && html`<span class="soft"> (${apart} than the first)</span>`}</li>`;

/** One sentence. */
export function verdict({ task, runs }: Group): string {
  const placed = placesOf(runs);
  const first = runs.filter((_, i) => placed[i]?.behind === 0);
  const [best, level] = first;
  const unit = HEADLINES[task];
  // each way of measuring has a best of its own
  if (!best || waysOf(runs).size > 1) return `${count(runs.length)} runs of ${task}, side by side.`;
  const value = (placed[runs.indexOf(best)] as Placed).value.toFixed(1);
  if (level) return `${listed(first.map(({ name }) => name))} are level: ${unit} ${value}.`;
  const next = Math.max(...placed.flatMap((one) => (one?.behind ? [one.behind] : [])));
  return `${best.name} is the best: ${unit} ${value}, ${(-next).toFixed(1)} above the next.`;
}

const placesOf = (runs: readonly ComparedRun[]) => placeAll(runs.map(scoresOf), { value: headlineOf, isRank: false });

/** The headline figure of every run as a bar; runs without one say where they stand. */
export function race({ task, runs, baselines }: Group): Html {
  const placed = placesOf(runs);
  const most = Math.max(100, ...placed.map((one) => one?.value ?? 0));
  const bar = (value: number, colour: string) =>
    html`<span class="track"><i style="width: ${((100 * value) / most).toFixed(1)}%; background: ${colour}"></i></span>`;
  return html`<div class="card race">
<p class="small soft">${HEADLINES[task]} on the test split${task === 'retrieval' && ': mean of R@1, 5 and 10, both ways'}</p>
${baselines.map(({ name, scores }) => html`<div class="lane alone"><span>${name}</span>${bar(headlineOf(scores), 'var(--before)')}<span>${headlineOf(scores).toFixed(1)}</span><span></span></div>`)}
${runs.map((run, i) => lane(run, placed[i] ?? null, bar))}
${doubt(runs)}
</div>`;
}

function lane(run: ComparedRun, placed: Placed | null, bar: (value: number, colour: string) => Html): Html {
  if (placed === null)
    return html`<div class="lane">${named(run)}<span class="soft small wide">${standing(run)}</span></div>`;
  const { value, behind } = placed;
  return html`<div class="lane${behind === 0 && ' first'}">${named(run)}${bar(value, colourOf(run))}<span>${value.toFixed(1)}</span><span class="small soft">${behind === 0 ? 'best' : behind !== null && `−${(-behind).toFixed(1)}`}</span></div>`;
}

/** Where a run stands that has no test scores. */
export function standing({ plan, done, steps, validations }: ComparedRun): string {
  if (done) return 'finished, without test scores';
  if (!plan) return 'not started';
  const last = validations.at(-1);
  const scored = last ? `; ${headlineOf(last.scores).toFixed(1)} on the validation split` : '';
  return `not finished: step ${count(steps.at(-1)?.step ?? 0)} of ${count(plan.steps)}${scored}`;
}

/** How far chance alone moves a share of so many queries: 95 % of a binomial distribution. */
function doubt(runs: readonly ComparedRun[]): Html | false {
  const shares = runs.flatMap((run) => shareOf(scoresOf(run)) ?? []);
  const [first, ...others] = shares.toSorted((a, b) => b.percent - a.percent);
  if (!first || others.length === 0) return false;
  const points = 1.96 * Math.sqrt((first.percent * (100 - first.percent)) / first.queries);
  return html`<p class="small soft doubt">With ${count(first.queries)} ${first.of}, ${first.what} of ${first.percent.toFixed(1)} is known to ±${points.toFixed(1)} (95 %); a smaller difference may be chance.</p>`;
}

function shareOf(scores: Scores | null) {
  if (scores?.task === 'retrieval')
    return { queries: scores.texts, of: 'captions', what: 'an R@1', percent: scores.textToMedia['R@1'] ?? 0 };
  if (scores?.task === 'answering')
    return { queries: scores.questions, of: 'questions', what: 'an accuracy', percent: scores.accuracy };
  return null;
}

/** `A, B and C` */
const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
