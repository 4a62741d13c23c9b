// Ctrl-C during training.

import { type Context, EXIT, say } from './context.js';

/** The first Ctrl-C asks the run to save and stop, the second ends the process. */
export function interruptible(context: Context): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController();
  const stop = context.onInterrupt(() => {
    if (controller.signal.aborted) return context.quit(EXIT.interrupted);
    controller.abort();
    say(context, '\nSaving a checkpoint after this step; Ctrl-C again quits without.');
  });
  return { signal: controller.signal, stop };
}
