// How much memory a program needs while it runs, told from its trace: values live from the operator that makes them to the
// last that reads them.

import { bytesOf, type OperatorName, ordered, sizeOf, type Tensor } from '../tensor/index.js';

/** Operators whose result is their operand's memory. */
const VIEWS: ReadonlySet<OperatorName> = new Set(['reshape', 'stopGradient']);
/** Operators that may write over an operand that nobody else reads. */
const IN_PLACE: ReadonlySet<OperatorName> = new Set([
  'neg',
  'exp',
  'sqrt',
  'relu',
  'clamp',
  'add',
  'sub',
  'mul',
  'div',
]);

/**
 * The most bytes of values that live at once; inputs and constants are not among them.
 *
 * @param outputs  live to the end
 */
export function peakBytes(outputs: Readonly<Record<string, Tensor>>): number {
  const order = ordered(Object.values(outputs));
  const root = roots(order);
  const readers = new Map<Tensor, number>();
  for (const x of order) if (!VIEWS.has(x.operator)) for (const y of operands(x, root)) count(readers, y, 1);
  for (const x of Object.values(outputs)) count(readers, root.get(x) as Tensor, 1);
  let [live, peak] = [0, 0];
  for (const x of order) {
    if (VIEWS.has(x.operator) || isGiven(x)) continue;
    const dying = operands(x, root).filter((y) => count(readers, y, -1) === 0 && !isGiven(y));
    const isWritten = IN_PLACE.has(x.operator) && dying.some((y) => byteLength(y) === byteLength(x));
    peak = Math.max(peak, live + (isWritten ? 0 : byteLength(x)));
    live += byteLength(x) - dying.reduce((sum, y) => sum + byteLength(y), 0);
  }
  return peak;
}

/** Whose memory each value is in. */
function roots(order: readonly Tensor[]): ReadonlyMap<Tensor, Tensor> {
  const root = new Map<Tensor, Tensor>();
  for (const x of order) root.set(x, VIEWS.has(x.operator) ? (root.get(x.inputs[0] as Tensor) as Tensor) : x);
  return root;
}

const operands = (x: Tensor, root: ReadonlyMap<Tensor, Tensor>): Tensor[] => [
  ...new Set(x.inputs.map((y) => root.get(y) as Tensor)),
];

function count(readers: Map<Tensor, number>, x: Tensor, change: number): number {
  const now = (readers.get(x) ?? 0) + change;
  readers.set(x, now);
  return now;
}

const isGiven = ({ operator }: Tensor): boolean => operator === 'input' || operator === 'constant';
const byteLength = ({ dtype, shape }: Tensor): number => bytesOf[dtype] * sizeOf(shape);
