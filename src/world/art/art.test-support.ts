// Art that needs no package: every noun is a square of one color.
import { type Atlas, KINDS, makeSprite } from '../index.js';

/** @param level  of red, green and blue */
export function plainAtlas(level: number): Atlas {
  const square = new Uint8Array(16 * 16 * 4).map((_, i) => (i % 4 === 3 ? 255 : level));
  const sprite = makeSprite(16, square);
  return { style: `plain ${level}`, sprites: new Map(KINDS.map(({ code }) => [code, sprite])) };
}

export const scenes = {
  domain: 'noto',
  styles: [{ atlas: plainAtlas(255), share: 1 }],
  seed: 5,
  size: 24,
} as const;
