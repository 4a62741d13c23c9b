// uniadapter demo: from a domain the backbone has never seen to adapters that search, answer and find clips in it.

import { Command } from 'commander';
import { headlineOf } from '../evaluate/index.js';
import { bytes, duration, percent } from '../report/page/numbers.js';
import type { DemoResult } from '../world/demo/index.js';
import { type Context, EXIT, print, say, stylesOf } from './context.js';
import { interruptible } from './interrupt.js';
import { remarkLines, type Style, scoreTable, stepsOn, table } from './terminal/index.js';

/** @param exit what the process ends with when it is not 0 */
export const demo = (context: Context, exit: (code: number) => void): Command =>
  new Command('demo')
    .summary('adapt the shipped backbone to art it has never seen')
    .description(
      'Draw pictures and clips in art the shipped backbone has never seen, and adapt it to them three times: to find ' +
        'pictures, to answer questions about them and to find clips. Each is measured before and after. ' +
        'Up to eleven minutes on two cores; Ctrl-C saves, and the next run goes on.',
    )
    .option('--out <folder>', 'where data, runs and reports go', 'runs/demo')
    .action(async ({ out }: { out: string }) => {
      const { signal, stop } = interruptible(context);
      const started = context.stderr.now();
      try {
        const { DEMO_STEPS, demo } = await import('../world/demo/index.js');
        const steps = stepsOn(context.stderr, DEMO_STEPS);
        const results = await demo({ run: await context.run(), out, steps, signal });
        if (!results) {
          exit(EXIT.interrupted);
          return say(context, 'Stopped. The same command goes on from the checkpoint.');
        }
        const seconds = (context.stderr.now() - started) / 1000;
        print(context, summary(results, seconds, out, stylesOf(context).out));
      } finally {
        stop();
      }
    });

function summary(results: readonly DemoResult[], seconds: number, out: string, style: Style): string {
  const rows = results.map(({ task, before, after, plan, done }) => [
    task.title,
    headlineOf(before).toFixed(1),
    style.green(headlineOf(after).toFixed(1)),
    percent(plan.parameters.trainable, plan.parameters.all),
    bytes(done.adapterBytes),
    plan.frames === null ? '–' : `${plan.frames}${after.frameAware ? ', weighed' : ''}`,
    duration(done.seconds),
  ]);
  const header = ['task', 'before', 'after', 'trained', 'adapter', 'frames', 'training'];
  return [
    ...results.flatMap(({ task, before, after }) => [
      ...['', style.bold(task.title), scoreTable({ before, after }, style)],
      ...remarkLines(after, before, style).map((line) => `  ${line}`),
    ]),
    '',
    table([header, ...rows], ['left', 'right'], style),
    style.dim('  before and after: the mean of R@1, 5 and 10 both ways; percent of questions answered rightly'),
    '',
    `Time       ${duration(seconds)}`,
    ...results.map(({ task, report }) => `Report     ${report}  ${style.dim(task.title)}`),
    '',
    `Try it     npx uniadapter search ${out}/search "a red car" --in ${out}/data/pictures`,
    `           npx uniadapter search ${out}/clips "a car moves left" --in ${out}/data/clips -k 3`,
    `           npx uniadapter ask ${out}/data/pictures/images/fluent3d-test-0.webp "what is this" --adapter ${out}/answers`,
  ].join('\n');
}
