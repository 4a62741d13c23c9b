// A function becomes a program: traced, printed, differentiated, and run by ONNX Runtime.
//   npx tsx examples/compiler.ts

import { compile, gradients, lower, nn, tensor as t } from 'uniadapter';
import { createOrtBackend } from 'uniadapter/node';

// Parameters are declared where they are used; `down.weight` is the input's name and the checkpoint's key.
const p = nn.rootScope();
const outputs = t.trace(() => {
  const x = t.input('x', [3, 4]);
  const h = t.relu(nn.linear(p.at('down'), x, 2));
  const loss = t.sum(t.mul(h, h));
  const weight = p.declarations().find(({ path }) => path === 'down.weight') as nn.Declaration;
  const [slope] = gradients(loss, [nn.parameter(weight)]) as [t.Tensor];
  return { loss, slope };
});
console.log(t.print(outputs));

// The program is an ONNX model; any ONNX Runtime can run it.
const { bytes, inputs } = lower(outputs, { target: 'cpu' });
console.log(`\n${bytes.length} bytes of ONNX, to be fed with ${[...inputs.keys()].join(', ')}`);

const program = await compile(createOrtBackend(), outputs);
const x = Float32Array.of(1, 2, 3, 4, -1, 0, 1, 0, 2, 2, -2, 1);
const weights = Object.fromEntries(p.declarations().map((d) => [d.path, nn.initialise(d, 1)]));
const { loss, slope } = await program.run({ x, ...weights });
console.log(`loss ${loss}, slope by down.weight ${Array.from(slope as Float32Array, (v) => v.toFixed(3)).join(' ')}`);

// The same slope by central differences, for the first weight.
const lossAt = async (change: number) => {
  const moved = Float32Array.from(weights['down.weight'] as Float32Array, (w, i) => (i === 0 ? w + change : w));
  const { loss } = await program.run({ x, ...weights, 'down.weight': moved });
  return (loss as Float32Array)[0] as number;
};
console.log(`measured: ${(((await lossAt(1e-2)) - (await lossAt(-1e-2))) / 2e-2).toFixed(3)}`);
await program.release();
