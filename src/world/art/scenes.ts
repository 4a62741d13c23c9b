// Worlds of scenes and of clips, in a mixture of art styles, with single named pictures among them if wanted.
import { fail } from '../../error/index.js';
import { type Stream, stream } from '../../random/index.js';
import {
  type AskOptions,
  type Atlas,
  ask,
  askClip,
  type Clip,
  type ClipQuestionType,
  type Concept,
  type DomainName,
  describe,
  describeClip,
  drawClip,
  drawNaming,
  drawScene,
  type Mode,
  nameConcept,
  type Picture,
  renderFrames,
  renderScene,
  type Scene,
  type SceneQuestionType,
  seenConcepts,
  twin,
  twinClip,
} from '../index.js';
import { ENDLESS, once, type Sample, type World } from './set.js';

/** One art style and how often it is drawn, relative to the others. */
export interface StyleShare {
  readonly atlas: Atlas;
  readonly share: number;
}

/** Single pictures of named concepts among the scenes. */
export interface Naming {
  /** Of all pictures, 0…1. */
  readonly share: number;
  readonly concepts: readonly Concept[];
  /** Naming atlases; one is picked at random among those that hold the concept. */
  readonly atlases: readonly Atlas[];
}

interface Art {
  readonly domain: DomainName;
  readonly styles: readonly StyleShare[];
  /** u32 */
  readonly seed: number;
  /** Edge of the pictures in pixels. */
  readonly size: number;
  /** Which (noun, tint) pairs. Default `'train'`: all but the held-out ones. */
  readonly mode?: Mode;
}

export interface SceneWorldOptions extends Art {
  readonly naming?: Naming;
  /** What is asked about a scene. Default: three questions of different types, all as likely. */
  readonly asking?: AskOptions<SceneQuestionType>;
}

export interface ClipWorldOptions extends Art {
  /** Of every clip, 4 to 16, noise included; default 8. */
  readonly frames?: number;
  /** How many of the frames show something else; default 0. */
  readonly noise?: number;
  /** What is asked about a clip. Default: three questions of different types, all as likely. */
  readonly asking?: AskOptions<ClipQuestionType>;
}

/** Scenes with captions and questions. The twins of pairs have the tints or the places exchanged. */
export function sceneWorld({ domain, styles, seed, size, mode = 'train', naming, asking }: SceneWorldOptions): World {
  const name = naming && namer(naming, seed, size);
  const pickStyle = stylePicker(styles);
  const told = (scene: Scene, atlas: Atlas, index: number, captions: () => readonly string[]): Sample => ({
    captions: once(captions),
    questions: () => ask(scene, domain, stream(seed, 'questions', index), asking),
    render: () => [renderScene(scene, atlas, size)],
  });
  return {
    ...{ name: domain, kind: 'image', frames: 1, ...ENDLESS },
    sample(index) {
      const draws = stream(seed, 'style and wording', index);
      if (name && draws.uniform() < naming.share) return name(draws, index);
      const atlas = pickStyle(draws);
      const scene = drawScene(domain, seed, index, mode);
      return told(scene, atlas, index, () => describe(scene, draws));
    },
    twins(index) {
      const draws = stream(seed, 'twin', index);
      const atlas = pickStyle(draws);
      const scene = drawScene(domain, seed, index, mode);
      const other = twin(scene, draws);
      if (!other) return null;
      const [own, others] = other.captions;
      return [
        told(scene, atlas, index, () => [own, ...describe(scene, draws)]),
        told(other.scene, atlas, index, () => [others, ...describe(other.scene, draws)]),
      ];
    },
  };
}

/** Clips with captions and questions. A twin is the same clip backwards. */
export function clipWorld(options: ClipWorldOptions): World {
  const { domain, styles, seed, size, mode = 'train', frames = 8, noise = 0, asking } = options;
  const pickStyle = stylePicker(styles);
  const told = (clip: Clip, index: number): Sample => {
    const draws = stream(seed, 'style and wording', index);
    const atlas = pickStyle(draws);
    return {
      captions: once(() => describeClip(clip, draws)),
      questions: () => askClip(clip, stream(seed, 'questions', index), asking),
      render: (frames) =>
        renderFrames(
          frames.map((frame) => clip.frames[frame] as Picture),
          atlas,
          size,
        ),
    };
  };
  const clipAt = (index: number) => drawClip(domain, seed, index, { mode, frames, noise });
  return {
    ...{ name: `${domain}-clips`, kind: 'video', frames, ...ENDLESS },
    sample: (index) => told(clipAt(index), index),
    twins(index) {
      const clip = clipAt(index);
      const other = twinClip(clip);
      return other && [told(clip, index), told(other, index)];
    },
  };
}

function stylePicker(styles: readonly StyleShare[]): (draws: Stream) => Atlas {
  const total = styles.reduce((sum, { share }) => sum + share, 0);
  if (!(total > 0))
    fail('data', { where: 'world', what: 'no art style has a share', expected: 'at least one above 0' });
  return (draws) => {
    let left = draws.uniform() * total;
    for (const { atlas, share } of styles) {
      left -= share;
      if (left < 0) return atlas;
    }
    return (styles.at(-1) as StyleShare).atlas;
  };
}

function namer({ concepts, atlases }: Naming, seed: number, size: number): (draws: Stream, index: number) => Sample {
  const holding = (code: string) => atlases.filter(({ sprites }) => sprites.has(code));
  const pictured = seenConcepts(concepts).filter(({ code }) => holding(code).length > 0);
  if (!pictured.length) fail('data', { where: 'world', what: 'no naming atlas has a picture of any concept' });
  return (draws, index) => {
    const concept = draws.pick(pictured);
    const atlas = draws.pick(holding(concept.code));
    return {
      captions: once(() => nameConcept(concept, draws)),
      questions: () => [],
      render: () => [renderScene(drawNaming(concept, seed, index), atlas, size)],
    };
  };
}
