// The twin of a pair: the same words and the same things, bound another way. A model that only counts words or
// things cannot tell the two apart (Winoground, arXiv 2204.03162).
import type { Stream } from '../random/index.js';
import { isHeldOut } from './kinds.js';
import { areApart, OPPOSITE, reach, relationOf } from './layout.js';
import { phrase, relationPhrase } from './phrase.js';
import type { Scene } from './scene.js';
import type { Thing } from './thing.js';

export interface Twin {
  readonly scene: Scene;
  /** What changed hands. */
  readonly binding: 'tint' | 'place';
  /** A caption of the scene and one of its twin, made of the same words. */
  readonly captions: readonly [string, string];
}

/**
 * The scene with the two tints swapped or, where that is no twin, the two places.
 *
 * @param draws  decides the wording of the captions
 * @returns null for scenes that are no pair, and for the few pairs that cannot be swapped
 */
export function twin(scene: Scene, draws: Stream): Twin | null {
  const [a, b] = scene.things;
  if (scene.type !== 'pair' || !a || !b) return null;
  const relation = relationOf(a, b);
  if (!relation) return null;
  const between = relationPhrase(relation, draws);
  const names = [phrase(a, draws, 'never'), phrase(b, draws, 'never')] as const;
  const caption = `${names[0]} ${between} ${names[1]}`;

  const tinted = swapTints(a, b);
  if (tinted) {
    const other = `${phrase(tinted[0], draws, 'never')} ${between} ${phrase(tinted[1], draws, 'never')}`;
    return { scene: { ...scene, things: tinted }, binding: 'tint', captions: [caption, other] };
  }
  const moved = [moveTo(a, b), moveTo(b, a)] as const;
  if (!areApart(moved) || relationOf(moved[0], moved[1]) !== OPPOSITE[relation]) return null;
  const other = `${names[1]} ${between} ${names[0]}`;
  return { scene: { ...scene, things: moved }, binding: 'place', captions: [caption, other] };
}

/** Null unless both wear different tints and the new pairs are as held out as the old ones. */
function swapTints(a: Thing, b: Thing): readonly [Thing, Thing] | null {
  if (!a.tint || !b.tint || a.tint === b.tint) return null;
  const heldOut = isHeldOut(a.noun, a.tint);
  if (isHeldOut(a.noun, b.tint) !== heldOut || isHeldOut(b.noun, a.tint) !== heldOut) return null;
  return [
    { ...a, tint: b.tint },
    { ...b, tint: a.tint },
  ];
}

/** `thing` at the place of `other`, kept inside the picture. */
function moveTo(thing: Thing, other: Thing): Thing {
  const margin = reach(thing);
  const inside = (value: number) => Math.min(1 - margin, Math.max(margin, value));
  return { ...thing, x: inside(other.x), y: inside(other.y) };
}
