// A job of named steps: one lasting line for each that is done, one moving line for the one that runs.

import type { Status } from '../../predict/programs/progress.js';
import { duration } from '../../report/page/numbers.js';
import { type Progress, progressOn } from './progress.js';
import { styleOf } from './style.js';
import type { Terminal } from './terminal.js';

export interface Steps {
  /**
   * Runs one step.
   * @param work gets a function that moves the line, and returns what to say when it is done along with its result
   */
  readonly run: <T>(title: string, work: (step: Step) => Promise<T>) => Promise<T>;
  /** Lasting text between the steps. */
  readonly print: (text: string) => void;
}

export interface Step {
  readonly update: (status: Omit<Status, 'title'>) => void;
  readonly print: Progress['print'];
  /** What stands behind the title once the step is done, such as a number. */
  readonly summarise: (summary: string) => void;
}

/**
 * @param total how many steps there will be
 * @example
 * const steps = stepsOn(terminal, 2)
 * await steps.run('Search before', async (step) => { step.update({ done: 1, all: 9 }); step.summarise('R@1 8 %') })
 */
export function stepsOn(terminal: Terminal, total: number): Steps {
  const style = styleOf(terminal);
  const progress = progressOn(terminal);
  let number = 0;
  return {
    print: progress.print,
    async run(title, work) {
      const place = style.dim(`${++number}/${total}`);
      const started = terminal.now();
      let summary = '';
      if (terminal.isScreen) progress.update({ title: `${place} ${title}`, done: 0, all: 1 });
      else progress.print(`${place} ${title} …`);
      const line = (mark: string) => {
        const seconds = duration((terminal.now() - started) / 1000);
        progress.clear();
        progress.print([`${place} ${mark} ${title}`, summary, style.dim(seconds)].filter(Boolean).join('  '));
      };
      try {
        const result = await work({
          update: (status) => progress.update({ ...status, title: `${place} ${title}` }),
          print: progress.print,
          summarise: (text) => {
            summary = text;
          },
        });
        line(style.green('✓'));
        return result;
      } catch (error) {
        line(style.red('✗'));
        throw error;
      }
    },
  };
}
