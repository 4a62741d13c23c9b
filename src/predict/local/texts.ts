// Texts → features: those under one adapter as one batch; where many adapters have a few texts each, all of them together.

import { chunksOf, grouped } from '../../data/items/index.js';
import { sizeFor } from './batch-sizes.js';
import type { ServedModel } from './model.js';

/** Texts of one adapter from which on they are a batch of their own: measured, see bench/README.md. */
const OWN_BATCH = 4;
/** Texts of different adapters that are read together, at most: a program has so many copies of an adapter's layers. */
const MIXED = 8;

/** A text and the model that reads it. */
interface Reading {
  /** Its number. */
  readonly i: number;
  readonly text: string;
  readonly model: ServedModel;
}

/** @param models  one for each text @returns f32 [P] of each, unit length */
export async function readTexts(
  texts: readonly string[],
  models: readonly ServedModel[],
): Promise<readonly Float32Array[]> {
  const readings = texts.map((text, i): Reading => ({ i, text, model: models[i] as ServedModel }));
  const features: Float32Array[] = [];
  for (const some of batches(readings)) {
    const found = await readTogether(some);
    const P = found.length / some.length;
    for (const [row, { i }] of some.entries()) features[i] = found.slice(row * P, (row + 1) * P);
  }
  return features;
}

async function readTogether(some: readonly Reading[]): Promise<Float32Array> {
  const [{ model }] = some as readonly [Reading];
  const size = sizeFor(some.length);
  if (some.every((one) => one.model === model))
    return (await model.programs().texts(size)).features(some.map(({ text }) => text));
  const encoder = await model.programs().mixedTexts(size);
  return encoder.features(some.map(({ text, model }) => ({ text, weights: model.model.weights })));
}

function batches(readings: readonly Reading[]): readonly (readonly Reading[])[] {
  const own = [...grouped(readings, ({ model }) => model).values()];
  const isOwn = (some: readonly Reading[]) => some.length >= OWN_BATCH || some[0]?.model.mixes === null;
  const rest = own.filter((some) => !isOwn(some)).flat();
  const mixed = [...grouped(rest, ({ model }) => model.mixes).values()].flatMap((some) => [...chunksOf(some, MIXED)]);
  return [...own.filter(isOwn), ...mixed];
}
