// One rule per operator: from the value y = f(a, b, …) to one function per operand that turns dL/dy (g) into dL/da,
// dL/db, …. Only the functions that the trainable parameters need are ever called. `null`: the gradient is zero, of
// the whole operator or of one operand.

import {
  add,
  cast,
  div,
  equal,
  erf,
  exp,
  expand,
  gather,
  greater,
  make,
  matmul,
  mul,
  neg,
  type OperatorName,
  type Operators,
  pad,
  reshape,
  type Shape,
  scatterAdd,
  sizeOf,
  slice,
  sub,
  sum,
  type Tensor,
  transpose,
  unbroadcast,
  where,
} from '../tensor/index.js';

type Pull = (g: Tensor) => Tensor;
type Rule<O extends OperatorName> = (
  y: Tensor,
  inputs: readonly Tensor[],
  attributes: Operators[O],
) => readonly (Pull | null)[];

const unary =
  (pull: (g: Tensor, x: Tensor, y: Tensor) => Tensor) =>
  (y: Tensor, [x]: readonly Tensor[]): readonly Pull[] => [(g) => pull(g, x as Tensor, y)];

const binary =
  (da: (g: Tensor, a: Tensor, b: Tensor) => Tensor, db: (g: Tensor, a: Tensor, b: Tensor) => Tensor) =>
  (_: Tensor, inputs: readonly Tensor[]): readonly Pull[] => {
    const [a, b] = inputs as [Tensor, Tensor];
    return [(g) => unbroadcast(da(g, a, b), a.shape), (g) => unbroadcast(db(g, a, b), b.shape)];
  };

export const rules: { readonly [O in OperatorName]: Rule<O> | null } = {
  input: null,
  constant: null,
  stopGradient: null,
  equal: null,
  greater: null,
  argmax: null,

  neg: unary((g) => neg(g)), //                                   d(−x) = −dx
  exp: unary((g, _, y) => mul(g, y)), //                          d(eˣ) = eˣ dx
  log: unary((g, x) => div(g, x)), //                             d(log x) = dx / x
  sqrt: unary((g, _, y) => div(mul(g, 0.5), y)), //               d(√x) = dx / 2√x
  reciprocal: unary((g, _, y) => mul(neg(g), mul(y, y))), //      d(1/x) = −dx / x²
  erf: unary((g, x) => mul(g, mul(2 / Math.sqrt(Math.PI), exp(neg(mul(x, x)))))), // d(erf x) = 2/√π e^(−x²) dx
  relu: unary((g, _, y) => where(greater(y, 0), g, 0)), //        d(max(x, 0)) = [x > 0] dx
  gelu: unary((g, x) => mul(mul(g, 0.5), twiceGeluSlope(x))), //  d(x·Φ(x)) = (Φ(x) + x·φ(x)) dx
  clamp: (_, [x], { min, max }) => [(g) => where(greater(x as Tensor, max), 0, where(greater(min, x as Tensor), 0, g))],
  cast: (_, [x]) => [(g) => cast(g, (x as Tensor).dtype)],

  add: binary(
    (g) => g,
    (g) => g,
  ),
  sub: binary(
    (g) => g,
    (g) => neg(g),
  ),
  mul: binary(
    (g, _, b) => mul(g, b), //  d(ab) = b da + a db
    (g, a) => mul(g, a),
  ),
  div: binary(
    (g, _, b) => div(g, b), //  d(a/b) = da/b − a db/b²
    (g, a, b) => neg(div(mul(g, a), mul(b, b))),
  ),
  where(_, inputs) {
    const [condition, a, b] = inputs as [Tensor, Tensor, Tensor];
    return [
      null,
      (g) => unbroadcast(where(condition, g, 0), a.shape),
      (g) => unbroadcast(where(condition, 0, g), b.shape),
    ];
  },

  sum: (_, [x]) => [(g) => expand(g, (x as Tensor).shape)],
  max(y, inputs, { axes }) {
    const [x] = inputs as [Tensor];
    const winner = cast(equal(x, y), x.dtype);
    return [(g) => mul(g, div(winner, sum(winner, axes)))]; // equals share the gradient
  },

  matmul(_, inputs, { transA, transB, scale }) {
    const [a, b] = inputs as [Tensor, Tensor]; // C = s·A·B:  dA = s·dC·Bᵀ,  dB = s·Aᵀ·dC
    const da: Pull = (g) =>
      transA ? matmul(b, g, { transA: transB, transB: true, scale }) : matmul(g, b, { transB: !transB, scale });
    const db: Pull = (g) =>
      transB ? matmul(g, a, { transA: true, transB: transA, scale }) : matmul(a, g, { transA: !transA, scale });
    return [(g) => unbroadcast(da(g), a.shape), (g) => unbroadcast(db(g), b.shape)];
  },
  linear(_, inputs) {
    const [x, weight] = inputs as [Tensor, Tensor]; // y = x·Wᵀ + b:  dx = dy·W,  dW = dyᵀ·x,  db = Σ dy
    return [
      (g) => (g.shape.length === 1 ? reshape(matmul(rows(g), weight), x.shape) : matmul(g, weight)),
      (g) => matmul(rows(g), rows(x), { transA: true }),
      (g) => reshape(sum(rows(g), [0]), [g.shape.at(-1) as number]),
    ];
  },

  softmax: unary((g, _, y) => mul(y, sub(g, sum(mul(g, y), [-1])))), // dx = y (g − Σ g y)
  logSoftmax: unary((g, _, y) => sub(g, mul(exp(y), sum(g, [-1])))), // dx = g − eʸ Σ g
  layerNorm(y, inputs, { eps }) {
    const [x, gain, bias] = inputs as [Tensor, Tensor, Tensor];
    const width = gain.shape[0] as number;
    const mean = make('layerNormMean', [x, gain, bias], { eps });
    const r = make('layerNormInverseDeviation', [x, gain, bias], { eps });
    const normalised = () => mul(sub(x, mean), r); // x̂
    return [
      (g) => {
        // dx = r (u − mean u − x̂ mean(u x̂)) with u = g·gain
        const u = mul(g, gain);
        const hat = normalised();
        const along = mul(sum(mul(u, hat), [-1]), 1 / width);
        return mul(sub(sub(u, mul(sum(u, [-1]), 1 / width)), mul(hat, along)), r);
      },
      (g) => reshape(sum(rows(mul(g, normalised())), [0]), gain.shape),
      (g) => reshape(sum(rows(g), [0]), [y.shape.at(-1) as number]),
    ];
  },
  layerNormMean(_, inputs) {
    const [x, gain] = inputs as [Tensor, Tensor];
    return [(g) => expand(mul(g, 1 / (gain.shape[0] as number)), x.shape), null, null];
  },
  layerNormInverseDeviation(r, inputs, attributes) {
    const [x] = inputs as [Tensor]; // r = (var + ε)^−½:  dr/dx = −r³ (x − mean) / D
    const mean = make('layerNormMean', inputs, attributes);
    return [(g) => mul(mul(g, mul(mul(r, mul(r, r)), -1 / (x.shape.at(-1) as number))), sub(x, mean)), null, null];
  },

  reshape: (_, [x]) => [(g) => reshape(g, (x as Tensor).shape)],
  transpose: (_, __, { order }) => [(g) => transpose(g, inverse(order))],
  expand: (_, [x]) => [(g) => unbroadcast(g, (x as Tensor).shape)],
  slice: (_, [x], { axis, start, end }) => [(g) => pad(g, axis, start, length(x, axis) - end)],
  pad: (_, [x], { axis, before }) => [(g) => slice(g, axis, before, before + length(x, axis))],
  concat(_, inputs, { axis }) {
    let start = 0;
    return inputs.map((part) => {
      const from = start;
      start += length(part, axis);
      const to = start;
      return (g: Tensor) => slice(g, axis, from, to);
    });
  },
  gather: (_, inputs) => {
    const [x, indices] = inputs as [Tensor, Tensor];
    return [(g) => scatterAdd(indices, g, x.shape[0] as number), null];
  },
  scatterAdd: (_, [indices]) => [null, (g) => gather(g, indices as Tensor)],
};

/**
 * 2Φ(x) + 2x·φ(x) = 1 + erf(u) + u·exp(ln(2/√π) − u²) with u = x/√2: few passes over memory. The halves go to the
 * incoming gradient, where the runtime takes them into the product that it comes from.
 */
function twiceGeluSlope(x: Tensor): Tensor {
  const u = mul(x, Math.SQRT1_2);
  const density = mul(u, exp(sub(Math.log(2 / Math.sqrt(Math.PI)), mul(u, u))));
  return add(add(erf(u), density), 1);
}

const length = (x: Tensor | undefined, axis: number): number => x?.shape[axis] as number;

/** […, D] → [rows, D] */
function rows(x: Tensor): Tensor {
  const width = x.shape.at(-1) as number;
  return reshape(x, [sizeOf(x.shape) / width, width]);
}

function inverse(order: readonly number[]): Shape {
  const back: number[] = [];
  for (const [to, from] of order.entries()) back[from] = to;
  return back;
}
