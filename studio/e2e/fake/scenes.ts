// Pictures for the server that tests and development make believe with: a few things in a landscape, in words and as SVG.

export interface Thing {
  readonly noun: string;
  readonly colour: string;
  /** From the left, between 0 and 1. */
  readonly x: number;
  readonly scale: number;
}

export interface Scene {
  readonly seed: number;
  readonly place: string;
  readonly things: readonly Thing[];
  /** What the first thing does; null for pictures. */
  readonly motion: string | null;
}

const COLOURS: Readonly<Record<string, string>> = {
  red: '#d1495b',
  blue: '#2e6fba',
  yellow: '#e9b949',
  green: '#3f8f5b',
  white: '#f3f0e8',
  purple: '#7d5ba6',
};

const PLACES: Readonly<Record<string, readonly [sky: string, ground: string]>> = {
  'in a meadow': ['#cfe5f2', '#8db580'],
  'at the sea': ['#e3eef3', '#5d9ab8'],
  'in the desert': ['#f5e6cf', '#d9b382'],
  'at night': ['#27304a', '#3d4a3f'],
  'in the snow': ['#dbe4ee', '#f5f7f9'],
};

/** Each in a box of 100 × 100 that stands on its lower edge. */
const SHAPES: Readonly<Record<string, (colour: string) => string>> = {
  house: (c) =>
    `<path d="M15 45h70v55H15z" fill="${c}"/><path d="M5 48 50 8l45 40z" fill="#6b4b3e"/><path d="M42 68h16v32H42z" fill="#3b2d26"/>`,
  tree: (c) => `<path d="M44 60h12v40H44z" fill="#6b4b3e"/><circle cx="50" cy="38" r="34" fill="${c}"/>`,
  ball: (c) =>
    `<circle cx="50" cy="66" r="34" fill="${c}"/><path d="M22 50a34 34 0 0 1 28-18" stroke="#fff8" stroke-width="6" fill="none"/>`,
  car: (c) =>
    `<path d="M4 62h14l14-24h38l16 24h10v24H4z" fill="${c}"/><path d="M36 45h28l9 17H27z" fill="#cfe3ee"/><circle cx="26" cy="87" r="12" fill="#222"/><circle cx="76" cy="87" r="12" fill="#222"/>`,
  boat: (c) =>
    `<path d="M6 68h88L78 96H22z" fill="${c}"/><path d="M48 8v58" stroke="#5a4a3f" stroke-width="4"/><path d="M52 10v52h36z" fill="#fffdf6"/>`,
  kite: (c) =>
    `<path d="M50 4 80 40 50 86 20 40z" fill="${c}"/><path d="M50 4v82M20 40h60" stroke="#0004" stroke-width="3"/>`,
  cup: (c) =>
    `<path d="M22 40h50v46a12 12 0 0 1-12 12H34a12 12 0 0 1-12-12z" fill="${c}"/><path d="M72 52h10a10 10 0 0 1 0 26H72" stroke="${c}" stroke-width="8" fill="none"/>`,
};

const MOTIONS = ['rolls to the right', 'rises', 'shakes', 'grows'];

/** The same scene for the same seed. */
export function sceneOf(seed: number, isClip: boolean): Scene {
  const pick = picker(seed);
  const amount = 1 + Math.floor(pick() * 3);
  const slots = [0.2, 0.5, 0.8].sort(() => pick() - 0.5).slice(0, amount);
  return {
    seed,
    place: choose(Object.keys(PLACES), pick()),
    things: slots.map((x) => ({
      noun: choose(Object.keys(SHAPES), pick()),
      colour: choose(Object.keys(COLOURS), pick()),
      x,
      scale: 0.8 + pick() * 0.7,
    })),
    motion: isClip ? choose(MOTIONS, pick()) : null,
  };
}

/** @returns the complete caption first, then a shorter one */
export function captionsOf({ things, place, motion }: Scene): readonly string[] {
  const named = things.map(({ colour, noun }) => `a ${colour} ${noun}`);
  const [first = ''] = named;
  if (motion) return [`${first} ${motion} ${place}`, `${first} ${motion}`];
  const all = named.length > 1 ? `${named.slice(0, -1).join(', ')} and ${named.at(-1)}` : first;
  return [`${all} ${place}`, `${first} ${place}`];
}

/**
 * @param time  between 0 and 1 in a clip; undefined lets it move
 * @returns SVG
 */
export function draw({ seed, things, place, motion }: Scene, time?: number): string {
  const [sky, ground] = PLACES[place] ?? ['#ddd', '#999'];
  const sun = `<circle cx="${60 + ((seed * 37) % 280)}" cy="62" r="22" fill="${place === 'at night' ? '#f2efdc' : '#f6d365'}"/>`;
  const drawn = things.map((thing, i) => drawThing(thing, i === 0 ? motion : null, time)).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400"><rect width="400" height="400" fill="${sky}"/>${sun}<path d="M0 262Q120 236 210 258T400 246V400H0z" fill="${ground}"/>${drawn}</svg>`;
}

function drawThing({ noun, colour, x, scale }: Thing, motion: string | null, time: number | undefined): string {
  const side = 100 * scale;
  const shape = SHAPES[noun]?.(COLOURS[colour] ?? '#888') ?? '';
  const at = `translate(${x * 400 - side / 2} ${338 - side}) scale(${scale})`;
  return `<g transform="${at}">${motion ? moved(shape, motion, time) : shape}</g>`;
}

/** Where the things that move are at the beginning and at the end. */
const PATHS: Readonly<Record<string, readonly [from: string, to: string]>> = {
  'rolls to the right': ['-40 0', '120 0'],
  rises: ['0 20', '0 -160'],
  shakes: ['-14 0', '14 0'],
  grows: ['0 10', '0 -20'],
};

function moved(shape: string, motion: string, time: number | undefined): string {
  const [from, to] = PATHS[motion] ?? ['0 0', '0 0'];
  if (time === undefined)
    return `<g><animateTransform attributeName="transform" type="translate" values="${from};${to}" dur="2s" repeatCount="indefinite"/>${shape}</g>`;
  const [a, b] = [from, to].map((point) => point.split(' ').map(Number)) as [number[], number[]];
  const point = a.map((value, axis) => value + ((b[axis] ?? 0) - value) * time);
  return `<g transform="translate(${point.join(' ')})">${shape}</g>`;
}

const choose = <T>(options: readonly T[], share: number): T => options[Math.floor(share * options.length)] as T;

/** Numbers between 0 and 1 by mulberry32. */
export function picker(seed: number): () => number {
  let state = (seed + 1) * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
