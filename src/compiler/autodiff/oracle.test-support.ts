// An independent interpreter of traced graphs in float64: plain loops over indices, made to be obviously right.
// It shares only types with the compiler. Where it finds a length, it finds it from the operands' own data.

import type { OperatorName, Operators, Shape, Tensor } from '../tensor/index.js';

export interface Values {
  readonly shape: Shape;
  readonly data: Float64Array;
}
type Index = readonly number[];
type Oracle = {
  readonly [O in OperatorName]: (inputs: readonly Values[], attributes: Operators[O]) => Values;
};

/** The value of every output, given the inputs by name. */
export function interpret<Name extends string>(
  outputs: Readonly<Record<Name, Tensor>>,
  feeds: Readonly<Record<string, Values>>,
): Record<Name, Values> {
  const known = new Map<Tensor, Values>();
  const value = (tensor: Tensor): Values => {
    const before = known.get(tensor);
    if (before) return before;
    const inputs = tensor.operator === 'input' ? [feed(tensor, feeds)] : tensor.inputs.map(value);
    const evaluate = oracle[tensor.operator] as (inputs: readonly Values[], attributes: object) => Values;
    const result = evaluate(inputs, tensor.attributes);
    known.set(tensor, result);
    return result;
  };
  const entries = Object.entries<Tensor>(outputs).map(([name, tensor]) => [name, value(tensor)]);
  return Object.fromEntries(entries) as Record<Name, Values>;
}

function feed({ attributes }: Tensor, feeds: Readonly<Record<string, Values>>): Values {
  const { name } = attributes as Operators['input'];
  const fed = feeds[name];
  if (!fed) throw new Error(`the oracle was not given ${name}`);
  return fed;
}

const map =
  (f: (x: number) => number) =>
  ([x]: readonly Values[]): Values => ({ shape: first(x).shape, data: first(x).data.map(f) });

const zip =
  (f: (...numbers: readonly number[]) => number) =>
  (inputs: readonly Values[]): Values => {
    const rank = Math.max(...inputs.map((x) => x.shape.length));
    const lengths = (axis: number) => inputs.map((x) => x.shape[axis - rank + x.shape.length] ?? 1);
    const shape = Array.from({ length: rank }, (_, axis) => Math.max(...lengths(axis)));
    return fill(shape, (index) => f(...inputs.map((x) => at(x, index))));
  };

/** `f` of each row along the last axis, which gets as many numbers as it returns. */
const alongRows = (x: Values, f: (row: readonly number[]) => readonly number[]): Values => {
  const width = x.shape.at(-1) as number;
  const rows = Array.from({ length: x.data.length / width }, (_, i) =>
    f([...x.data.slice(i * width, (i + 1) * width)]),
  );
  return {
    shape: [...x.shape.slice(0, -1), (rows[0] as readonly number[]).length],
    data: Float64Array.from(rows.flat()),
  };
};

const reduce = (x: Values, axes: readonly number[], start: number, f: (a: number, b: number) => number): Values => {
  const shape = x.shape.map((d, axis) => (axes.includes(axis) ? 1 : d));
  const data = new Float64Array(shape.reduce((n, d) => n * d, 1)).fill(start);
  walk(x.shape, (index, i) => {
    const to = flat(
      shape,
      index.map((k, axis) => (axes.includes(axis) ? 0 : k)),
    );
    data[to] = f(data[to] as number, x.data[i] as number);
  });
  return { shape, data };
};

const moments = (row: readonly number[], eps: number): { mean: number; inverse: number } => {
  const mean = row.reduce((a, b) => a + b) / row.length;
  const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / row.length;
  return { mean, inverse: 1 / Math.sqrt(variance + eps) };
};

const integers = new Set(['int8', 'uint8', 'int32', 'int64']);

export const oracle: Oracle = {
  input: ([fed]) => first(fed),
  constant: (_, { data, shape }) => ({ shape, data: Float64Array.from(data as ArrayLike<number>, Number) }),
  neg: map((x) => -x),
  exp: map(Math.exp),
  log: map(Math.log),
  sqrt: map(Math.sqrt),
  reciprocal: map((x) => 1 / x),
  erf: map(erf),
  relu: map((x) => Math.max(x, 0)),
  gelu: map((x) => 0.5 * x * (1 + erf(x / Math.sqrt(2)))),
  clamp: (inputs, { min, max }) => map((x) => Math.min(Math.max(x, min), max))(inputs),
  cast: (inputs, { to }) =>
    map((x) => (to === 'bool' ? Number(x !== 0) : integers.has(to) ? Math.trunc(x) : x))(inputs),
  stopGradient: map((x) => x),
  add: zip((a = 0, b = 0) => a + b),
  sub: zip((a = 0, b = 0) => a - b),
  mul: zip((a = 0, b = 0) => a * b),
  div: zip((a = 0, b = 0) => a / b),
  equal: zip((a = 0, b = 0) => Number(a === b)),
  greater: zip((a = 0, b = 0) => Number(a > b)),
  where: zip((condition = 0, a = 0, b = 0) => (condition !== 0 ? a : b)),
  sum: ([x], { axes }) => reduce(first(x), axes, 0, (a, b) => a + b),
  max: ([x], { axes }) => reduce(first(x), axes, Number.NEGATIVE_INFINITY, Math.max),
  argmax([x]) {
    const { shape, data } = alongRows(first(x), (row) => [row.indexOf(Math.max(...row))]);
    return { shape: shape.slice(0, -1), data };
  },
  matmul([left, right], { transA, transB, scale }) {
    const [a, b] = [first(left), first(right)];
    const [m, inner] = transA ? [a.shape.at(-1), a.shape.at(-2)] : [a.shape.at(-2), a.shape.at(-1)];
    const n = transB ? b.shape.at(-2) : b.shape.at(-1);
    const batch = zip(() => 0)([zeros(a.shape.slice(0, -2)), zeros(b.shape.slice(0, -2))]).shape;
    return fill([...batch, m as number, n as number], (index) => {
      const [before, i, j] = [index.slice(0, -2), index.at(-2) as number, index.at(-1) as number];
      let total = 0;
      for (let k = 0; k < (inner as number); k++)
        total += at(a, [...before, ...(transA ? [k, i] : [i, k])]) * at(b, [...before, ...(transB ? [j, k] : [k, j])]);
      return scale * total;
    });
  },
  linear([x, weight, bias]) {
    const out = first(weight).shape[0] as number;
    return alongRows(first(x), (row) =>
      Array.from({ length: out }, (_, j) =>
        row.reduce((total, v, k) => total + v * at(first(weight), [j, k]), bias ? at(bias, [j]) : 0),
      ),
    );
  },
  softmax: ([x]) =>
    alongRows(first(x), (row) => {
      const powers = row.map((v) => Math.exp(v - Math.max(...row)));
      return powers.map((p) => p / powers.reduce((a, b) => a + b));
    }),
  logSoftmax: ([x]) =>
    alongRows(first(x), (row) => {
      const top = Math.max(...row);
      return row.map((v) => v - top - Math.log(row.reduce((total, u) => total + Math.exp(u - top), 0)));
    }),
  layerNorm: ([x, gain, bias], { eps }) =>
    alongRows(first(x), (row) => {
      const { mean, inverse } = moments(row, eps);
      return row.map((v, i) => (v - mean) * inverse * at(first(gain), [i]) + at(first(bias), [i]));
    }),
  layerNormMean: ([x], { eps }) => alongRows(first(x), (row) => [moments(row, eps).mean]),
  layerNormInverseDeviation: ([x], { eps }) => alongRows(first(x), (row) => [moments(row, eps).inverse]),
  reshape: ([x], { shape }) => ({ shape, data: first(x).data }),
  transpose: ([x], { order }) =>
    fill(
      order.map((axis) => first(x).shape[axis] as number),
      (index) => at(first(x), unpermute(index, order)),
    ),
  expand: ([x], { shape }) => fill(shape, (index) => at(first(x), index)),
  slice: ([x], { axis, start, end }) =>
    fill(resized(first(x), axis, end - start), (index) => at(first(x), moved(index, axis, start))),
  pad([operand], { axis, before, after }) {
    const x = first(operand);
    const length = x.shape[axis] as number;
    return fill(resized(x, axis, before + length + after), (index) => {
      const from = (index[axis] as number) - before;
      return from < 0 || from >= length ? 0 : at(x, moved(index, axis, -before));
    });
  },
  concat(parts, { axis }) {
    const owners = parts.flatMap((x) => Array.from({ length: x.shape[axis] as number }, (_, i) => ({ x, i })));
    return fill(resized(first(parts[0]), axis, owners.length), (index) => {
      const { x, i } = owners[index[axis] as number] as { x: Values; i: number };
      return at(
        x,
        index.map((k, a) => (a === axis ? i : k)),
      );
    });
  },
  gather: ([x, indices]) => {
    const which = first(indices);
    const rank = which.shape.length;
    return fill([...which.shape, ...first(x).shape.slice(1)], (index) =>
      at(first(x), [at(which, index.slice(0, rank)), ...index.slice(rank)]),
    );
  },
  scatterAdd([indices, values], { rows }) {
    const [which, x] = [first(indices), first(values)];
    const rank = which.shape.length;
    const shape = [rows, ...x.shape.slice(rank)];
    const { data } = zeros(shape);
    walk(x.shape, (index, i) => {
      const to = flat(shape, [at(which, index.slice(0, rank)), ...index.slice(rank)]);
      data[to] = (data[to] as number) + (x.data[i] as number);
    });
    return { shape, data };
  },
};

/** 2/√π e^(−x²) Σ 2ⁿ x^(2n+1) / (2n+1)!!: every term has the sign of x, so nothing cancels. */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let total = x;
  for (let n = 1; n < 200; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}

function first(x: Values | undefined): Values {
  if (!x) throw new Error('the oracle misses an operand');
  return x;
}

const zeros = (shape: Shape): Values => ({ shape, data: new Float64Array(shape.reduce((n, d) => n * d, 1)) });

function walk(shape: Shape, visit: (index: Index, i: number) => void): void {
  const size = shape.reduce((n, d) => n * d, 1);
  for (let i = 0; i < size; i++) {
    let rest = i;
    const index = shape.map(() => 0);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = rest % (shape[axis] as number);
      rest = Math.floor(rest / (shape[axis] as number));
    }
    visit(index, i);
  }
}

function fill(shape: Shape, f: (index: Index) => number): Values {
  const { data } = zeros(shape);
  walk(shape, (index, i) => {
    data[i] = f(index);
  });
  return { shape, data };
}

const flat = (shape: Shape, index: Index): number => shape.reduce((i, d, axis) => i * d + (index[axis] as number), 0);

/** The element at `index`, which may have more axes (leading ones are dropped); axes of length 1 are stretched. */
function at({ shape, data }: Values, index: Index): number {
  const own = index.slice(index.length - shape.length);
  return data[
    flat(
      shape,
      shape.map((d, axis) => (d === 1 ? 0 : (own[axis] as number))),
    )
  ] as number;
}

const unpermute = (index: Index, order: readonly number[]): Index =>
  order.map((_, axis) => index[order.indexOf(axis)] as number);

const resized = (x: Values, axis: number, length: number): number[] => x.shape.map((d, a) => (a === axis ? length : d));

const moved = (index: Index, axis: number, by: number): Index => index.map((k, a) => (a === axis ? k + by : k));
