// uniadapter demo: from a domain the backbone has never seen to an adapter that searches it, in five minutes.

import { Command } from 'commander';
import type { DemoResult } from '../demo/index.js';
import { bytes, count, duration, percent, scoreTable, stepsOn } from '../terminal/index.js';
import { type Context, EXIT, print, say, stylesOf } from './context.js';
import { interruptible } from './interrupt.js';

/** @param exit what the process ends with when it is not 0 */
export const demo = (context: Context, exit: (code: number) => void): Command =>
  new Command('demo')
    .summary('adapt the shipped backbone to art it has never seen')
    .description(
      'Draw pictures in art the shipped backbone has never seen, search them, train an adapter, search again. ' +
        'About four minutes on two cores; Ctrl-C saves, and the next run goes on.',
    )
    .option('--out <folder>', 'where pictures, run and report go', 'runs/demo')
    .action(async ({ out }: { out: string }) => {
      const { signal, stop } = interruptible(context);
      const started = context.stderr.now();
      try {
        const { DEMO_STEPS, demo } = await import('../demo/index.js');
        const steps = stepsOn(context.stderr, DEMO_STEPS);
        const result = await demo({ run: await context.run(), out, steps, signal });
        if (!result) {
          exit(EXIT.interrupted);
          return say(context, 'Stopped. The same command goes on from the checkpoint.');
        }
        print(context, summary(result, (context.stderr.now() - started) / 1000, stylesOf(context).out));
      } finally {
        stop();
      }
    });

function summary(
  { before, after, home, plan, done, searches, report }: DemoResult,
  seconds: number,
  style: ReturnType<typeof stylesOf>['out'],
): string {
  const { trainable, all } = plan.parameters;
  const found = searches.map(({ text, hits }) =>
    [style.bold(`“${text}”`), ...hits.map(({ rank, image }) => `  ${rank}  ${image}`)].join('\n'),
  );
  return [
    '',
    scoreTable({ before, after }, style),
    `The backbone on the art it was trained on: text → image R@1 ${home.textToMedia['R@1']?.toFixed(1)}, image → text ${home.mediaToText['R@1']?.toFixed(1)}`,
    '',
    `Trained    ${count(trainable)} of ${count(all)} parameters (${percent(trainable, all)})`,
    `Adapter    ${bytes(done.adapterBytes)} beside a backbone of ${bytes(done.backboneBytes)}`,
    `Time       ${duration(seconds)}, of which training ${duration(done.seconds)}`,
    '',
    ...found,
    '',
    `Report     ${report}`,
    `Search     npx uniadapter search ${done.adapter} "a red car" --images ${plan.run.replace(/run$/, 'data')}`,
  ].join('\n');
}
