// Which frames of a clip are looked at: one of each of F equal segments, as BLIP and UniAdapter sample them.
import type { Stream } from '../../random/index.js';

/**
 * The middles of F equal segments of a clip, or one uniform draw in each.
 *
 * @param draws  the sample's own randomness; null takes the middles, as at test time
 * @returns F positions in 0…1 of the duration, ascending
 */
export function positions(frames: number, draws: Stream | null): readonly number[] {
  return Array.from({ length: frames }, (_, f) => (f + (draws ? draws.uniform() : 0.5)) / frames);
}
