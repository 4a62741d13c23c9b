// Ctrl-C during long work.

import { type Context, EXIT, say } from './context.js';

const SAVING = 'Saving a checkpoint after this step; Ctrl-C again quits without.';

/** The first Ctrl-C asks the work to stop, and says so; the second ends the process. */
export function interruptible(
  context: Context,
  message = SAVING,
): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController();
  const stop = context.onInterrupt(() => {
    if (controller.signal.aborted) return context.quit(EXIT.interrupted);
    controller.abort();
    say(context, `\n${message}`);
  });
  return { signal: controller.signal, stop };
}
