import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stream } from '../../random/index.js';
import { type BeamOptions, beamSearch, type NextTokens, type WrittenText } from './beam.js';

const V = 3;
const END = 0;
const START = 9;

/** A language in which every prefix has its own distribution, for each of several texts. */
const language = (seed: number) => (text: number, prefix: readonly number[]) => {
  const draws = stream(seed, `${text}:${prefix.join()}`, 0);
  const logits = Array.from({ length: V }, () => 2 * draws.normal());
  const total = Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0));
  return Float32Array.from(logits, (x) => x - total);
};

/** Steps that know the past only through `parents`, like a cache. */
function stepsOf(logProbs: ReturnType<typeof language>, beams: number): NextTokens {
  let prefixes: readonly number[][] = [];
  return async (tokens, parents, position) => {
    prefixes = Array.from(tokens, (token, row) => [...(prefixes[parents[row] as number] ?? []), token]);
    assert.ok(prefixes.every((prefix) => prefix.length === position + 1));
    return Float32Array.from(prefixes.flatMap((prefix, row) => [...logProbs(Math.floor(row / beams), prefix)]));
  };
}

/** Every text there is, scored by hand. */
function exhaustive(logProbs: ReturnType<typeof language>, text: number, options: BeamOptions): readonly WrittenText[] {
  const { given, maxLength = 10, minLength = 0, lengthPenalty = 1 } = options;
  const all: WrittenText[] = [];
  const grow = (tokens: readonly number[], sum: number): void => {
    const score = (logProb: number) => logProb / tokens.length ** lengthPenalty;
    const found = (logProb: number) => all.push({ tokens: tokens.slice(given.length), score: score(logProb), logProb });
    if (tokens.length === maxLength) return void found(sum);
    const next = logProbs(text, tokens);
    if (tokens.length >= minLength) found(sum + (next[END] as number));
    for (let token = 1; token < V; token++) grow([...tokens, token], sum + (next[token] as number));
  };
  grow(given, 0);
  return all.sort((a, b) => b.score - a.score);
}

const settings = fc.record({
  seed: fc.nat(1000),
  maxLength: fc.integer({ min: 3, max: 5 }),
  minLength: fc.integer({ min: 0, max: 4 }),
  lengthPenalty: fc.constantFrom(0, 1, 2),
  given: fc.constantFrom([START], [START, 1, 2]),
});

test('with room for every text, the search finds the best two there are, for all texts side by side', async () => {
  await fc.assert(
    fc.asyncProperty(settings, async ({ seed, ...rest }) => {
      const options = { texts: 2, beams: 64, end: END, ...rest };
      const found = await beamSearch(stepsOf(language(seed), 64), options);
      for (const [text, ranked] of found.entries())
        for (const [i, best] of exhaustive(language(seed), text, options).slice(0, 2).entries()) {
          assert.deepEqual(ranked[i]?.tokens, best.tokens);
          assert.ok(Math.abs((ranked[i]?.score ?? 0) - best.score) < 1e-5);
          assert.ok(Math.abs((ranked[i]?.logProb ?? 0) - best.logProb) < 1e-5);
        }
    }),
    { numRuns: 60 },
  );
});

test('with few beams a score is what the text has, and at most the best', async () => {
  await fc.assert(
    fc.asyncProperty(settings, async ({ seed, ...rest }) => {
      const options = { texts: 1, beams: 2, end: END, ...rest, minLength: 0 };
      const logProbs = language(seed);
      const [[found]] = (await beamSearch(stepsOf(logProbs, 2), options)) as [[WrittenText]];
      const all = [...options.given, ...found.tokens];
      const steps = all.length < options.maxLength ? [...found.tokens, END] : found.tokens;
      const sum = (tokens: readonly number[]) =>
        tokens.reduce((total, token, i) => {
          const prefix = all.slice(0, options.given.length + i);
          return total + (logProbs(0, prefix)[token] as number);
        }, 0);
      const score = sum(steps) / all.length ** options.lengthPenalty;
      assert.ok(Math.abs(found.score - score) < 1e-5);
      assert.ok(found.score <= (exhaustive(logProbs, 0, options)[0]?.score ?? 0) + 1e-6);
    }),
    { numRuns: 60 },
  );
});

test('a text that is given in full is returned empty, without asking', async () => {
  const next: NextTokens = () => assert.fail('asked');
  const [[text] = []] = await beamSearch(next, { texts: 1, given: [START], end: END, maxLength: 1 });
  assert.deepEqual(text?.tokens, []);
});

test('one beam follows the most probable token until the end', async () => {
  const table = [
    [-5, -0.1, -3],
    [-4, -2, -0.2],
    [-0.1, -3, -4],
  ]; // by position: 1, then 2, then the end
  const next: NextTokens = async (_tokens, _parents, position) => Float32Array.from(table[position] ?? [-0.1, -3, -3]);
  const [[text] = []] = await beamSearch(next, { texts: 1, beams: 1, given: [START], end: END });
  assert.deepEqual(text?.tokens, [1, 2]);
});

test('an ending among the best beams leaves its place to the next best continuation', async () => {
  const log = (...p: number[]) => p.map(Math.log);
  const next: NextTokens = async (tokens, _parents, position) =>
    Float32Array.from(
      Array.from(tokens, (token) => {
        if (position === 0) return log(0.4, 0.31, 0.29);
        return token === 2 ? log(0.98, 0.01, 0.01) : log(0.01, 0.495, 0.495); // only token 2 ends well
      }).flat(),
    );
  const [[text] = []] = await beamSearch(next, { texts: 1, beams: 2, given: [START], end: END, maxLength: 4 });
  assert.deepEqual(text?.tokens, [2]);
});
