// Clouds of unit vectors to search in. Embeddings of pictures lie in clusters, and those of texts in another part of the
// space, so a text is far from all pictures; uniform directions are the worst case, which no model makes.

export const WIDTH = 256;

type Draw = (count: number) => readonly Float32Array[];

export interface Cloud {
  readonly rows: Draw;
  /** By what is searched with. */
  readonly queries: Readonly<Record<string, Draw>>;
}

/** Clusters, in a few topics. */
const [TOPICS, CLUSTERS] = [50, 5000];
/** How far, in lengths, a picture is from the middle of its cluster, a text from that of what it tells, a cluster from its topic. */
const [PICTURE_SPREAD, TEXT_SPREAD, TOPIC_SPREAD] = [0.8, 1.5, 1];
/** What all texts have in common and no picture has. */
const GAP = 1;

const { pictures, texts, anywhere } = drawing();

export const CLOUDS: Readonly<Record<string, Cloud>> = {
  clusters: { rows: many(pictures), queries: { picture: many(pictures), text: many(texts) } },
  uniform: { rows: many(anywhere), queries: { vector: many(anywhere) } },
};

function many(draw: () => Float32Array): Draw {
  return (count) => Array.from({ length: count }, draw);
}

function drawing() {
  const uniform = uniformDraws(1);
  /** About normal, of length about 1: a sum of four draws. */
  const noise = () => {
    const scale = Math.sqrt(3 / WIDTH);
    const vector = new Float32Array(WIDTH);
    for (let i = 0; i < WIDTH; i++) vector[i] = scale * (uniform() + uniform() + uniform() + uniform() - 2);
    return vector;
  };
  const anywhere = () => unit(noise());
  const near = (middle: Float32Array, spread: number) => {
    const other = noise();
    for (let i = 0; i < WIDTH; i++) other[i] = (middle[i] as number) + spread * (other[i] as number);
    return unit(other);
  };
  const topics = many(anywhere)(TOPICS);
  const pick = (from: readonly Float32Array[]) => from[Math.floor(uniform() * from.length)] as Float32Array;
  const clusters = many(() => near(pick(topics), TOPIC_SPREAD))(CLUSTERS);
  const pictures = () => near(pick(clusters), PICTURE_SPREAD);
  const gap = anywhere();
  const texts = () => {
    const vector = near(pick(clusters), TEXT_SPREAD);
    for (let i = 0; i < WIDTH; i++) vector[i] = (vector[i] as number) + GAP * (gap[i] as number);
    return unit(vector);
  };
  return { pictures, texts, anywhere };
}

function unit(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const x of vector) squares += x * x;
  const length = Math.sqrt(squares);
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) / length;
  return vector;
}

/** Mulberry32: billions of draws are wanted, and any will do. */
function uniformDraws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}
