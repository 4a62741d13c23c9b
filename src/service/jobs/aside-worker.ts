// The thread in which a server does things aside, one after the other.

import { parentPort } from 'node:worker_threads';
import { packError } from '../../predict/local/messages.js';
import type { AsideAnswer, AsideOrder } from './aside.js';
import { doAside } from './aside-work.js';

parentPort?.on('message', async ({ kind, given }: AsideOrder) => {
  const answer: AsideAnswer = await doAside[kind](given as never).then(
    (value) => ({ value }),
    (error: unknown) => ({ error: packError(error) }),
  );
  parentPort?.postMessage(answer);
});
