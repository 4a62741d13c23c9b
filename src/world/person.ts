// People as data: a face, hair, clothes and a mood, all named. A domain far from the scenes, with other words.
// Skin and ground are drawn but never described.
import { type Stream, stream } from '../random/index.js';
import type { Rgb } from './ground.js';
import { fill } from './phrase.js';

/** How hair of some color is said. */
const HAIR = {
  parted: 'side parted {color} hair',
  undercut: '{color} hair in an undercut',
  spiky: 'spiky {color} hair',
  bun: '{color} hair in a bun',
  straight: 'long straight {color} hair',
  wavy: 'long wavy {color} hair',
  shoulder: 'shoulder length {color} hair',
  chin: 'chin length {color} hair',
} as const;
const BEARDS = {
  moustache: 'a moustache',
  full: 'a full beard',
  long: 'a long beard',
  goatee: 'a goatee',
} as const;
export const HAIR_COLOURS = ['black', 'brown', 'red', 'blond'] as const;
export const GARMENTS = ['turtleneck', 'jacket', 'dress', 'shirt', 't-shirt'] as const;
export const GARMENT_COLOURS = [
  'gray',
  'red',
  'blue',
  'green',
  'yellow',
  'purple',
  'pink',
  'orange',
  'black',
  'white',
] as const;
export const MOODS = ['laughing', 'smiling', 'angry', 'surprised', 'sad'] as const;
export const SKINS = 5;

export type Hair = keyof typeof HAIR;
export type HairColour = (typeof HAIR_COLOURS)[number];
export type Garment = (typeof GARMENTS)[number];
export type GarmentColour = (typeof GARMENT_COLOURS)[number];
export type Beard = keyof typeof BEARDS;
export type Mood = (typeof MOODS)[number];

export interface Person {
  readonly hair: Hair;
  readonly hairColour: HairColour;
  readonly garment: Garment;
  readonly garmentColour: GarmentColour;
  /** Null is clean shaven. */
  readonly beard: Beard | null;
  readonly mood: Mood;
  /** One eye is closed. */
  readonly winks: boolean;
  /** One of 5 tones, from 0. */
  readonly skin: number;
  readonly ground: Rgb;
}

/** Draws one person; the same arguments always give the same one. */
export function drawPerson(seed: number, index: number): Person {
  const draws = stream(seed, 'person', index);
  const light = () => 180 + draws.below(70);
  return {
    hair: draws.pick(Object.keys(HAIR) as Hair[]),
    hairColour: draws.pick(HAIR_COLOURS),
    garment: draws.pick(GARMENTS),
    garmentColour: draws.pick(GARMENT_COLOURS),
    beard: draws.uniform() < 0.5 ? drawBeard(draws) : null, // as many without, or the question would tell
    mood: draws.pick(MOODS),
    winks: false,
    skin: draws.below(SKINS),
    ground: [light(), light(), light()],
  };
}

export const drawBeard = (draws: Stream): Beard => draws.pick(Object.keys(BEARDS) as Beard[]);

/** "long straight brown hair" */
export const hairPhrase = ({ hair, hairColour }: Person): string => fill(HAIR[hair], { color: hairColour });

/** "a full beard" */
export const beardPhrase = (beard: Beard): string => BEARDS[beard];

/** "red t-shirt" */
export const garmentPhrase = ({ garmentColour, garment }: Person): string => `${garmentColour} ${garment}`;

/** Texts that hold every word of this file. */
export const PERSON_PHRASES: readonly string[] = [
  ...Object.values(HAIR).map((template) => fill(template, {})),
  ...Object.values(BEARDS),
  ...HAIR_COLOURS,
  ...GARMENTS,
  ...GARMENT_COLOURS,
  ...MOODS,
];
