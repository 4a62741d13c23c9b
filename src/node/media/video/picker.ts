// Of all pictures that are decoded, those that are shown at the wanted times.

import type { Pixels } from '../../../data/image/index.js';
import { fail } from '../../../error/index.js';
import type { Container } from './container.js';
import { createConversion } from './conversion.js';
import { type Extent, SLACK_SECONDS } from './extent.js';
import type { Picture, Pictures } from './pictures.js';

export interface Picker {
  /** The time of the frame that is wanted next, in ticks; infinite when there is none. */
  target(): number;
  /** Takes the next picture in the order they are shown. */
  offer(picture: Picture): void;
  /** The wanted frames. @throws `data` if the pictures ended before the last of them */
  finish(): readonly Pixels[];
  close(): void;
}

/**
 * The frame shown at a time is the last one that starts no later, or the first of all.
 *
 * @param targets  in ticks, ascending
 * @param damagedAt  see {@link Pictures}; a frame is refused if there was damage up to the time it is wanted for
 */
export function createPicker(
  container: Container,
  extent: Extent,
  targets: readonly number[],
  damagedAt: Pictures['damagedAt'],
): Picker {
  const { path, library, ticksPerSecond } = container;
  const conversion = createConversion(container);
  const held = new library.av.Frame();
  held.alloc();
  const picked: Pixels[] = [];
  let shownAt: number | undefined;
  let converted: Pixels | undefined;

  const target = () => targets[picked.length] ?? Number.POSITIVE_INFINITY;
  const seconds = (ticks: number) => `${((ticks - extent.first) / ticksPerSecond).toFixed(2)} s`;
  const stop = (ticks: number) =>
    fail('data', {
      where: path,
      what: 'is damaged or cut off before a frame that is wanted',
      got: `sound frames up to ${seconds(ticks)} of ${seconds(extent.end)}`,
      fix: 'copy or download it again',
    });
  const pick = () => {
    const damage = damagedAt();
    if (damage !== undefined && damage <= target()) stop(damage);
    converted ??= conversion.convert(held);
    picked.push(converted);
  };

  return {
    target,
    offer({ frame, time }) {
      while (shownAt !== undefined && time > target()) pick();
      if (picked.length === targets.length) return;
      held.unref();
      held.ref(frame);
      converted = undefined;
      shownAt = time;
    },
    finish() {
      if (shownAt === undefined) return fail('data', { where: path, what: 'has no frame that can be decoded' });
      const reached = shownAt + Number(held.duration);
      while (picked.length < targets.length) {
        if (target() - reached > SLACK_SECONDS * ticksPerSecond) stop(reached);
        pick();
      }
      return picked;
    },
    close() {
      held.free();
      conversion.close();
    },
  };
}
