// Worlds of people and of clips of people. The faces are ToonHead by Johan Melin, CC BY 4.0, drawn as SVG by DiceBear
// and rasterised with sharp: some hundreds a second. Both packages are development dependencies.

import { type Pixels, pixels } from '../../data/image/index.js';
import { fail } from '../../error/index.js';
import { sharp } from '../../node/native/native.js';
import { stream } from '../../random/index.js';
import {
  type AskOptions,
  askPerson,
  askPersonClip,
  type Beard,
  describePerson,
  describePersonClip,
  drawPerson,
  drawPersonClip,
  type Garment,
  type GarmentColour,
  type Hair,
  type HairColour,
  type Mood,
  type Person,
  type PersonClip,
  type PersonClipQuestionType,
  type PersonQuestionType,
  twinPersonClip,
} from '../index.js';
import { ENDLESS, once, type Sample, type World } from './set.js';

/** Draws a person as u8 [edge, edge, 3]. */
export type PersonArt = (person: Person, edge: number) => Promise<Pixels>;

interface PeopleOptions<Type extends string> {
  readonly art: PersonArt;
  /** u32 */
  readonly seed: number;
  /** Edge of the pictures in pixels. */
  readonly size: number;
  /** What is asked. Default: three questions of different types, all as likely. */
  readonly asking?: AskOptions<Type>;
}

/** Single people with captions and questions; nobody has a twin. */
export function peopleWorld({ art, seed, size, asking }: PeopleOptions<PersonQuestionType>): World {
  return {
    ...{ name: 'people', kind: 'image', frames: 1, ...ENDLESS },
    sample(index) {
      const person = drawPerson(seed, index);
      return {
        captions: once(() => describePerson(person, stream(seed, 'wording', index))),
        questions: () => askPerson(person, stream(seed, 'questions', index), asking),
        render: async () => [await art(person, size)],
      };
    },
    twins: () => null,
  };
}

/** Clips of people with captions and questions. A twin has the two moods the other way round. */
export function peopleClipWorld(options: PeopleOptions<PersonClipQuestionType> & { readonly frames?: number }): World {
  const { art, seed, size, frames = 8, asking } = options;
  const told = (clip: PersonClip, index: number): Sample => ({
    captions: once(() => describePersonClip(clip, stream(seed, 'wording', index))),
    questions: () => askPersonClip(clip, stream(seed, 'questions', index), asking),
    async render(frames) {
      const seen = frames.map((frame) => clip.frames[frame] as Person);
      const different = [...new Set(seen)]; // two, of eight frames
      const pictures = await Promise.all(different.map((person) => art(person, size)));
      return seen.map((person) => pictures[different.indexOf(person)] as Pixels);
    },
  });
  return {
    ...{ name: 'people-clips', kind: 'video', frames, ...ENDLESS },
    sample: (index) => told(drawPersonClip(seed, index, frames), index),
    twins(index) {
      const clip = drawPersonClip(seed, index, frames);
      const other = twinPersonClip(clip);
      return other && [told(clip, index), told(other, index)];
    },
  };
}

/**
 * The art of people.
 *
 * @throws `file` if its packages are not installed
 */
export async function loadPersonArt(): Promise<PersonArt> {
  const [{ createAvatar }, toonHead] = await Promise.all([
    import('@dicebear/core'),
    import('@dicebear/toon-head'),
  ]).catch((cause) =>
    fail('file', {
      where: 'world',
      what: 'the packages that draw people are not installed',
      fix: 'npm install --save-dev @dicebear/core@9.4.3 @dicebear/toon-head@9.4.3',
      cause,
    }),
  );
  return async (person, edge) => {
    const [r, g, b] = person.ground;
    const svg = createAvatar(toonHead, { ...looks(person), size: edge }).toString();
    const { data, info } = await sharp(Buffer.from(svg))
      .flatten({ background: { r, g, b } })
      .raw()
      .toBuffer({ resolveWithObject: true });
    return pixels(info.width, info.height, data);
  };
}

type Look = Readonly<Record<string, string>>;

const HAIR: Readonly<Record<Hair, Look>> = {
  parted: { hair: 'sideComed' },
  undercut: { hair: 'undercut' },
  spiky: { hair: 'spiky' },
  bun: { hair: 'bun' },
  straight: { hair: 'sideComed', rearHair: 'longStraight' },
  wavy: { hair: 'sideComed', rearHair: 'longWavy' },
  shoulder: { hair: 'sideComed', rearHair: 'shoulderHigh' },
  chin: { hair: 'sideComed', rearHair: 'neckHigh' },
};
const HAIR_COLOURS: Readonly<Record<HairColour, string>> = {
  black: '2c1b18',
  brown: '724133',
  red: 'b5471f',
  blond: 'e3bb5f',
};
const GARMENTS: Readonly<Record<Garment, string>> = {
  turtleneck: 'turtleNeck',
  jacket: 'openJacket',
  dress: 'dress',
  shirt: 'shirt',
  't-shirt': 'tShirt',
};
const GARMENT_COLOURS: Readonly<Record<GarmentColour, string>> = {
  gray: '8a8a8a',
  red: 'c41f1f',
  blue: '1746b3',
  green: '1a8f47',
  yellow: 'eab308',
  purple: '731ac3',
  pink: 'ec4899',
  orange: 'f97316',
  black: '151613',
  white: 'f4f5f3',
};
const BEARDS: Readonly<Record<Beard, string>> = {
  moustache: 'moustacheTwirl',
  full: 'fullBeard',
  long: 'longBeard',
  goatee: 'chin',
};
const MOODS: Readonly<Record<Mood, Look>> = {
  laughing: { mouth: 'laugh', eyes: 'bow', eyebrows: 'happy' },
  smiling: { mouth: 'smile', eyes: 'happy', eyebrows: 'neutral' },
  angry: { mouth: 'angry', eyes: 'wide', eyebrows: 'angry' },
  surprised: { mouth: 'agape', eyes: 'wide', eyebrows: 'raised' },
  sad: { mouth: 'sad', eyes: 'humble', eyebrows: 'sad' },
};
const SKINS = ['f1c3a5', 'c68e7a', 'b98e6a', 'a36b4f', '5c3829'] as const;

/** All that is to be seen, so that nothing is left to the package's own chance. */
function looks({ hair, hairColour, garment, garmentColour, beard, mood, winks, skin }: Person) {
  const look: Look = {
    ...HAIR[hair],
    ...MOODS[mood],
    ...(winks && { eyes: 'wink' }),
    ...(beard && { beard: BEARDS[beard] }),
    hairColor: HAIR_COLOURS[hairColour],
    clothes: GARMENTS[garment],
    clothesColor: GARMENT_COLOURS[garmentColour],
    skinColor: SKINS[skin] as string,
  };
  return {
    ...Object.fromEntries(Object.entries(look).map(([key, value]) => [key, [value]])),
    hairProbability: 100,
    rearHairProbability: look.rearHair ? 100 : 0,
    beardProbability: beard ? 100 : 0,
  };
}
