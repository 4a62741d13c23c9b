// Colours of runs can be told apart by every kind of colour vision, in light and dark, and letters on them can be read.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STYLE } from './style.js';

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/** What is left of linear RGB where one kind of cone is missing: Machado, Oliveira and Fernandes 2009, severity 1. */
const VISIONS: Readonly<Record<string, Matrix>> = {
  trichromat: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanope: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranope: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanope: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
const TO_XYZ: Matrix = [
  [0.4124, 0.3576, 0.1805],
  [0.2126, 0.7152, 0.0722],
  [0.0193, 0.1192, 0.9505],
];
const WHITE: Triple = [0.9505, 1, 1.089];

const times = (matrix: Matrix, [x, y, z]: Triple) =>
  matrix.map(([a, b, c]) => a * x + b * y + c * z) as unknown as Triple;

function linear(hex: string): Triple {
  const channel = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16) / 255;
  return [1, 3, 5].map((at) => {
    const value = channel(at);
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as unknown as Triple;
}

/** CIE L*a*b*. */
function lab(rgb: Triple): Triple {
  const clipped = rgb.map((value) => Math.min(1, Math.max(0, value))) as unknown as Triple;
  const [x, y, z] = times(TO_XYZ, clipped).map((value, i) => {
    const share = value / (WHITE[i] as number);
    return share > 0.008856 ? Math.cbrt(share) : 7.787 * share + 16 / 116;
  }) as unknown as Triple;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** As WCAG defines it. */
function contrast(one: string, other: string): number {
  const [dark, light] = [one, other].map((hex) => times(TO_XYZ, linear(hex))[1]).sort((a, b) => a - b) as [
    number,
    number,
  ];
  return (light + 0.05) / (dark + 0.05);
}

const [light = '', dark = ''] = STYLE.split('@media (prefers-color-scheme: dark)');
for (const [theme, css] of Object.entries({ light, dark })) {
  const colour = (name: string) => new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(css)?.[1] ?? assert.fail(name);
  const runs = Array.from({ length: 8 }, (_, i) => colour(`run-${i + 1}`));

  for (const [vision, matrix] of Object.entries(VISIONS))
    test(`${theme}: a ${vision} tells all runs apart`, () => {
      const seen = runs.map((hex) => lab(times(matrix, linear(hex))));
      const pairs = seen.flatMap((a, i) =>
        seen
          .slice(i + 1)
          .map((b, j) => [Math.hypot(...a.map((x, k) => x - (b[k] as number))), i + 1, i + j + 2] as const),
      );
      const [nearest, one, other] = pairs.sort(([a], [b]) => a - b)[0] ?? assert.fail();
      assert.ok(nearest >= 20, `runs ${one} and ${other} are ${nearest.toFixed(0)} apart`); // 2.3 can just be noticed
    });

  test(`${theme}: letters on badges, and in charts, can be read`, () => {
    for (const run of runs)
      for (const ground of [colour('on-run'), colour('card')])
        assert.ok(contrast(run, ground) >= 4.5, `${run} on ${ground}: ${contrast(run, ground).toFixed(2)}`);
  });
}
