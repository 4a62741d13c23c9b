// Schedules: numbers of the epoch and step, as the release has them.

/**
 * The learning rate at a time of the run: half a cosine from `peak` to `floor`, no warm-up. BLIP counts in epochs.
 *
 * @param at  epochs or steps behind it
 * @param of  those of the whole run
 */
export function cosineRate(at: number, of: number, peak: number, floor = 0): number {
  return (peak - floor) * 0.5 * (1 + Math.cos((Math.PI * at) / of)) + floor;
}

/**
 * α, the share of soft targets: ramps from 0 to `alpha` over epoch 0, then stays.
 *
 * @param step           from 0, within the whole run
 * @param stepsPerEpoch  of the run
 */
export function alphaRamp(step: number, stepsPerEpoch: number, alpha = 0.4): number {
  return alpha * Math.min(1, step / stepsPerEpoch);
}
