// The vocabulary of the world as data: 167 nouns with the emoji that draws each, 8 tints, and the two domains.
// Every noun is legible at 24 pixels and present in the Noto, Twemoji and Fluent 3D sets.
// Order is part of the data: every fourth noun is unknown to the first domain.

import { hash } from '../random/index.js';

/** A noun and the Unicode code point (lower-case hexadecimal) whose emoji draws it. */
export interface Kind {
  readonly noun: string;
  readonly plural: string;
  readonly code: string;
}

/** noun:code, or noun:code:plural where the plural is irregular. */
const TABLE = `
dog:1f415 cat:1f408 horse:1f40e cow:1f404 pig:1f416 sheep:1f411:sheep goat:1f410 elephant:1f418 giraffe:1f992
tiger:1f405 rabbit:1f407 mouse:1f401:mice bear:1f43b panda:1f43c frog:1f438 turtle:1f422 snake:1f40d crocodile:1f40a
whale:1f433 dolphin:1f42c fish:1f41f:fish octopus:1f419 crab:1f980 bee:1f41d butterfly:1f98b:butterflies
ladybug:1f41e snail:1f40c bird:1f426 duck:1f986 owl:1f989 penguin:1f427 eagle:1f985 rooster:1f413 flamingo:1f9a9
bat:1f987 fox:1f98a lion:1f981 monkey:1f412 camel:1f42b kangaroo:1f998 llama:1f999 hedgehog:1f994 shark:1f988
lobster:1f99e squid:1f991:squid parrot:1f99c swan:1f9a2 peacock:1f99a spider:1f577 dragon:1f409 dinosaur:1f996
unicorn:1f984 apple:1f34e banana:1f34c pizza:1f355 cake:1f370 hamburger:1f354 icecream:1f366 doughnut:1f369
cookie:1f36a watermelon:1f349 strawberry:1f353:strawberries pineapple:1f34d tomato:1f345:tomatoes carrot:1f955
mushroom:1f344 bread:1f35e cheese:1f9c0 lemon:1f34b pear:1f350 peach:1f351 avocado:1f951 broccoli:1f966 hotdog:1f32d
taco:1f32e corn:1f33d cupcake:1f9c1 pretzel:1f968 pancake:1f95e sandwich:1f96a car:1f697 bus:1f68c ambulance:1f691
tractor:1f69c bicycle:1f6b2 scooter:1f6f5 airplane:2708 helicopter:1f681 rocket:1f680 sailboat:26f5 ship:1f6a2
train:1f682 truck:1f69a taxi:1f695 canoe:1f6f6 ufo:1f6f8 umbrella:2602 key:1f511 crown:1f451 guitar:1f3b8 violin:1f3bb
trumpet:1f3ba drum:1f941 balloon:1f388 gift:1f381 bell:1f514 book:1f4d5 clock:23f0 camera:1f4f7 laptop:1f4bb
hammer:1f528 scissors:2702:scissors pencil:270f candle:1f56f lightbulb:1f4a1 ball:26bd basketball:1f3c0 kite:1fa81
anchor:2693 hourglass:231b teddy:1f9f8:teddies telephone:260e television:1f4fa watch:231a glasses:1f453:glasses
hat:1f3a9 shoe:1f45f dress:1f457 shirt:1f455 ring:1f48d diamond:1f48e trophy:1f3c6:trophies axe:1fa93 magnet:1f9f2
telescope:1f52d microscope:1f52c ladder:1fa9c chair:1fa91 bed:1f6cf broom:1f9f9 basket:1f9fa toothbrush:1faa5
sock:1f9e6 scarf:1f9e3:scarves sunflower:1f33b rose:1f339 tulip:1f337 cactus:1f335:cacti palm:1f334 tree:1f333
leaf:1f341:leaves sun:2600 moon:1f319 star:2b50 cloud:2601 snowflake:2744 flame:1f525 house:1f3e0 tent:26fa
castle:1f3f0 church:26ea robot:1f916 ghost:1f47b alien:1f47d snowman:26c4:snowmen pumpkin:1f383 skull:1f480`;

/** All 167 nouns, in the order that decides which of them the first domain knows. */
export const KINDS: readonly Kind[] = TABLE.trim()
  .split(/\s+/)
  .map((entry) => {
    const [noun = '', code = '', plural] = entry.split(':');
    return { noun, code, plural: plural ?? (/(s|x|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`) };
  });

/** Every fourth noun: drawn in the second domain only, so that only adaptation can learn it. */
export const UNSEEN: readonly Kind[] = KINDS.filter((_, i) => i % 4 === 3);

export const TINTS = ['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink', 'gray'] as const;
export type Tint = (typeof TINTS)[number];

export type DomainName = 'noto' | 'fluent3d';

/** What distinguishes a domain besides its art. */
export interface Domain {
  readonly kinds: readonly Kind[];
  /** Striped and noisy ground instead of a soft gradient. */
  readonly textured: boolean;
  readonly shadows: boolean;
}

export const DOMAINS: Readonly<Record<DomainName, Domain>> = {
  noto: { kinds: KINDS.filter((kind) => !UNSEEN.includes(kind)), textured: false, shadows: false },
  fluent3d: { kinds: KINDS, textured: true, shadows: true },
};

/** The nouns that are drawn: all of the domain, or in mode `'composition'` those that have a held-out tint. */
export function kindsIn(domain: DomainName, mode: Mode): readonly Kind[] {
  const { kinds } = DOMAINS[domain];
  return mode === 'train' ? kinds : kinds.filter(({ noun }) => tintsFor(noun, mode).length > 0);
}

/** Whether this pair is kept out of training and drawn in mode `'composition'` only: 12 % of all pairs, by hash. */
export function isHeldOut(noun: string, tint: Tint): boolean {
  return hash(`${noun} ${tint}`) % 1000 < 120;
}

/** The tints a noun may wear: the held-out ones in mode `'composition'`, the others in mode `'train'`. */
export function tintsFor(noun: string, mode: Mode): readonly Tint[] {
  return TINTS.filter((tint) => isHeldOut(noun, tint) === (mode === 'composition'));
}

/** Which (noun, tint) pairs are drawn: all but the held-out ones, or the held-out ones alone. */
export type Mode = 'train' | 'composition';
