// Beam search over any function that gives the next token's log-probabilities. Plain arrays: no graph, no cache.
// The rules are those of transformers 4.15, which BLIP generates with: the score of a text is Σ log p divided by its
// length, the given tokens counted and the end not; it may end with one of the best `beams` continuations only.

/**
 * One token more for every beam.
 *
 * @param tokens    int32 [R], R = texts · beams: the newest token of each row
 * @param parents   int32 [R]: the row that was this beam at the position before
 * @param position  where the tokens stand, 0 for the first
 * @returns f32 [R, V]: log-probabilities of the next token
 */
export type NextTokens = (tokens: Int32Array, parents: Int32Array, position: number) => Promise<Float32Array>;

export interface BeamOptions {
  /** How many texts are written side by side. */
  readonly texts: number;
  /** Default 3. */
  readonly beams?: number;
  /** What every text starts with: `[DEC]`, and a prompt where there is one. */
  readonly given: readonly number[];
  /** The token that ends a text, `[SEP]`. */
  readonly end: number;
  /** Tokens of the longest text, the given ones included. Default 10. */
  readonly maxLength?: number;
  /** Tokens before which no text may end, the given ones included. Default 0. */
  readonly minLength?: number;
  /** The power of the length that Σ log p is divided by. Default 1. */
  readonly lengthPenalty?: number;
}

export interface WrittenText {
  /** Without the given tokens and the end. */
  readonly tokens: readonly number[];
  /** Σ log p / length^penalty, the end's probability included. */
  readonly score: number;
  /** Σ log p, the end's included where the text ended. */
  readonly logProb: number;
}

interface Beam {
  /** Given tokens included. */
  readonly tokens: readonly number[];
  readonly logProb: number;
  /** Its row at the position before. */
  readonly row: number;
}

interface Search {
  readonly open: readonly Beam[];
  readonly finished: readonly WrittenText[];
  readonly done: boolean;
}

const defaults = { beams: 3, maxLength: 10, minLength: 0, lengthPenalty: 1 } as const;
type Options = Required<BeamOptions>;

/** Writes texts. @returns for each of `texts` what the search found, the best first; at least one, at most `beams` */
export async function beamSearch(next: NextTokens, options: BeamOptions): Promise<readonly (readonly WrittenText[])[]> {
  const full: Options = { ...defaults, ...options };
  const { texts, beams, given, maxLength } = full;
  const rows = Int32Array.from({ length: texts * beams }, (_, row) => row);
  for (const [position, token] of given.slice(0, -1).entries())
    await next(
      rows.map(() => token),
      rows,
      position,
    );
  let searches = Array.from(
    { length: texts },
    (_, text): Search => ({
      open: [{ tokens: given, logProb: 0, row: text * beams }],
      finished: [],
      done: given.length >= maxLength,
    }),
  );
  for (let length = given.length; length < maxLength && searches.some(({ done }) => !done); length++) {
    const at = (row: number) => beamAt(searches, row, beams);
    const tokens = rows.map((row) => at(row).tokens.at(-1) as number);
    const logProbs = await next(
      tokens,
      rows.map((row) => at(row).row),
      length - 1,
    );
    searches = searches.map((search, text) => (search.done ? search : advance(search, text * beams, logProbs, full)));
  }
  return searches.map((search) => ranked(search, full));
}

/** What a row holds; rows without a beam of their own repeat the text's first. */
function beamAt(searches: readonly Search[], row: number, beams: number): Beam {
  const { open } = searches[Math.floor(row / beams)] as Search;
  return open[row % beams] ?? (open[0] as Beam);
}

/** One token more for the beams of one text, which stand from row `first` on. */
function advance({ open, finished }: Search, first: number, logProbs: Float32Array, options: Options): Search {
  const { beams, end } = options;
  const length = (open[0] as Beam).tokens.length;
  const candidates = mostProbable(open, first, logProbs, options);
  const ended = candidates
    .slice(0, beams)
    .filter(({ tokens }) => tokens.at(-1) === end)
    .map((beam) => ({ ...beam, tokens: beam.tokens.slice(0, -1) }));
  const texts = [...finished, ...ended.map((beam) => finish(beam, options))].sort((a, b) => b.score - a.score);
  const kept = texts.slice(0, beams);
  const best = (candidates[0] as Beam).logProb / length ** options.lengthPenalty;
  const going = candidates.filter(({ tokens }) => tokens.at(-1) !== end).slice(0, beams);
  const settled = kept.length === beams && (kept.at(-1) as WrittenText).score >= best;
  return { open: going.length > 0 ? going : open, finished: kept, done: settled || going.length === 0 };
}

const finish = ({ tokens, logProb }: Beam, { given, lengthPenalty }: Options): WrittenText => ({
  tokens: tokens.slice(given.length),
  score: logProb / tokens.length ** lengthPenalty,
  logProb,
});

/** Twice as many continuations as there are beams, so that enough remain when all of the best ones end. */
function mostProbable(open: readonly Beam[], first: number, logProbs: Float32Array, options: Options): Beam[] {
  const { beams, texts, end, minLength } = options;
  const vocabulary = logProbs.length / (texts * beams);
  const wanted = 2 * beams;
  const best: { logProb: number; beam: number; token: number }[] = [];
  for (const [beam, { logProb: before, tokens }] of open.entries())
    for (let token = 0; token < vocabulary; token++) {
      if (token === end && tokens.length < minLength) continue;
      const logProb = before + (logProbs[(first + beam) * vocabulary + token] as number);
      if (best.length === wanted && logProb <= (best.at(-1) as { logProb: number }).logProb) continue;
      const place = best.findIndex((other) => logProb > other.logProb);
      best.splice(place < 0 ? best.length : place, 0, { logProb, beam, token });
      best.length = Math.min(best.length, wanted);
    }
  return best.map(({ logProb, beam, token }) => ({
    tokens: [...(open[beam] as Beam).tokens, token],
    logProb,
    row: first + beam,
  }));
}

/** What has ended and, where the longest length cut the search off, what has not; the best first. */
function ranked({ open, finished, done }: Search, options: Options): readonly WrittenText[] {
  const texts = [...finished, ...(done && finished.length > 0 ? [] : open.map((beam) => finish(beam, options)))];
  return texts.sort((a, b) => b.score - a.score).slice(0, options.beams);
}
