// Naming: one large picture of one emoji concept and its human-written name. It widens what a backbone has seen
// beyond the nouns of the scenes. The list of concepts is given by the caller; no data lives here.
import type { Stream } from '../random/index.js';
import { stream } from '../random/index.js';
import { drawGround } from './ground.js';
import { UNSEEN } from './kinds.js';
import { fill, withoutSlots } from './phrase.js';
import type { Scene } from './scene.js';

export interface Concept {
  /** Code points in lower-case hexadecimal without variation selectors, joined by '-'. */
  readonly code: string;
  /** Lower-case words; distinct between concepts. */
  readonly label: string;
  readonly tags: readonly string[];
}

const TEMPLATES = {
  image: ['a picture of {label}', '{label}', 'an image of {label}', 'the image shows {label}', 'you can see {label}'],
  video: [
    'a video of {label}',
    '{label}',
    'in this video you can see {label}',
    'the video shows {label}',
    'you can see {label}',
  ],
} as const;

/** Texts that hold every word of a caption of a concept but its name and tags. */
export const NAMING_TEXTS: readonly string[] = withoutSlots(Object.values(TEMPLATES).flat());

/** The concepts that may be named in training: the second domain's new nouns must stay new. */
export function seenConcepts(concepts: readonly Concept[]): readonly Concept[] {
  const unseen = new Set(UNSEEN.map(({ code }) => code));
  return concepts.filter(({ code }) => !unseen.has(code));
}

/** A concept as one large thing near the centre of a random ground. */
export function drawNaming(concept: Concept, seed: number, index: number): Scene {
  const draws = stream(seed, 'naming scene', index);
  const textured = draws.uniform() < 0.3;
  const edge = 0.55 + 0.3 * draws.uniform();
  const jitter = () => 0.5 + (0.9 - edge) * (draws.uniform() - 0.5);
  const thing = {
    noun: concept.label,
    code: concept.code,
    tint: null,
    size: 'large' as const,
    edge,
    x: jitter(),
    y: jitter(),
    rotation: 0.15 * (2 * draws.uniform() - 1),
    flip: false, // names tell directions and hold letters
  };
  return { type: 'naming', things: [thing], ground: drawGround(draws, textured), shadows: textured };
}

/**
 * Captions of a concept: its name in several sentences, the later ones perhaps with one or two of its tags.
 *
 * @param draws  decides the tags
 * @param kind   what shows it; default `'image'`
 * @returns five captions
 */
export function nameConcept(concept: Concept, draws: Stream, kind: 'image' | 'video' = 'image'): readonly string[] {
  return TEMPLATES[kind].map((template, i) => {
    const sentence = fill(template, { label: concept.label });
    const tags = i === 0 ? 0 : Math.min(draws.below(3), concept.tags.length);
    const chosen = Array.from(draws.permutation(concept.tags.length), (t) => concept.tags[t] as string).slice(0, tags);
    return [sentence, ...chosen].join(', ');
  });
}
