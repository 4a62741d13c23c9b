// uniadapter ask: questions about an image or a clip.

import { Command } from 'commander';
import type { AnsweredQuestion } from '../predict/ask.js';
import { refuseBlank } from '../predict/programs/blank.js';
import { percent } from '../report/page/numbers.js';
import { adapterFolder } from '../weights/store/adapter-name.js';
import { type Context, print, printJson, stylesOf } from './context.js';
import { frameNumber, wholeNumber } from './options.js';
import { frameBars, type Style, table } from './terminal/index.js';

interface Flags {
  readonly adapter?: string;
  readonly backbone?: string;
  readonly k: number;
  readonly frames?: number;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  The shipped backbone, without any adapter:
    $ uniadapter ask photo.jpg "what color is the car"
  An adapter that was trained for answering, and several questions:
    $ uniadapter ask clip.mp4 "what does the dog do" "how many dogs are there" --adapter runs/answers
  Only the best answer:
    $ uniadapter ask photo.jpg "where is the cat" -k 1 --json | jq -r '.answers[0].answer'
`;

export const ask = (context: Context): Command =>
  new Command('ask')
    .summary('answer questions about an image or a clip')
    .description(
      'Answer questions about an image, a clip or a folder of frames: the known answers that are the most probable, ' +
        'or, where none are known, answers written word by word.',
    )
    .argument('<file>', 'image, clip or folder of frames')
    .argument('<question...>', 'what to ask; quote each question')
    .option('--adapter <path>', 'adapter or run folder (default: the backbone alone)')
    .option('--backbone <name>', 'a shipped backbone such as tiny, or a folder (default: the adapter’s)')
    .option('-k <number>', 'how many answers to show', wholeNumber, 5)
    .option('--frames <number>', 'frames that are looked at of a clip (default: as it was trained, or 8)', frameNumber)
    .option('--json', 'write one line of JSON per question to stdout')
    .addHelpText('after', EXAMPLES)
    .action(async (media: string, questions: string[], { json, adapter, ...flags }: Flags) => {
      refuseBlank('question', questions);
      const folder = adapter === undefined ? null : await adapterFolder(adapter);
      const { openAsking } = await context.run();
      const asking = await openAsking({ ...flags, media: [media], adapter: folder });
      try {
        for (const answered of await asking.ask(media, questions))
          if (json) printJson(context, answered);
          else print(context, answersText(answered, stylesOf(context).out));
      } finally {
        await asking.close();
      }
    });

function answersText({ question, answers, frameWeights }: AnsweredQuestion, style: Style): string {
  const rows = answers.map(({ answer, probability }) => [answer, percent(probability, 1)]);
  const frames = frameWeights ? `\n  ${style.dim('frames')}  ${frameBars(frameWeights)}` : '';
  return `${style.bold(question)}\n${table([['answer', 'probability'], ...rows], ['left', 'right'], style)}${frames}\n`;
}
