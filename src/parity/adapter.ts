// The adapter alone: three modalities × three placements of its LayerNorm, outputs and gradients of Σ y·w.

import { gradients } from '../compiler/autodiff/index.js';
import { type Backend, compile } from '../compiler/runtime/index.js';
import { input, mul, sum, type Tensor, trace } from '../compiler/tensor/index.js';
import { adapt, type Modality } from '../model/adapter/index.js';
import { parameter, rootScope } from '../model/nn/index.js';
import { type Check, compare, type Fixture, tolerances } from './fixture.js';

const placements = ['in', 'none', 'out'] as const;
/** The release's words. */
const modes: Readonly<Record<Modality, string>> = { visual: 'visual', text: 'text', cross: 'multimodal' };

/** Checks every mode and placement of the file. */
export async function checkAdapter(fixture: Fixture, backend: Backend): Promise<Check[]> {
  const checks: Check[] = [];
  for (const placement of placements)
    for (const modality of ['visual', 'text', 'cross'] as const)
      checks.push(...(await checkMode(fixture, backend, { placement, modality })));
  return checks;
}

interface Mode {
  readonly placement: (typeof placements)[number];
  readonly modality: Modality;
}

async function checkMode(fixture: Fixture, backend: Backend, { placement, modality }: Mode): Promise<Check[]> {
  const bottleneck = fixture.shape(`${placement}.weight.down_proj.weight`)[0] as number;
  const outputs = trace(() => {
    const p = rootScope();
    const x = input('x', fixture.shape('x'));
    const y = adapt(p.as('adapter'), modality, x, { bottleneck, layerNorm: placement });
    const declared = p.declarations();
    const wrt = [x, ...declared.map(parameter)];
    const names = ['grad_x', ...declared.map(({ path }) => `grad.${path}`)];
    const slopes = gradients(sum(mul(y, input('w', fixture.shape('w')))), wrt);
    return { y, ...Object.fromEntries(names.map((name, i) => [name, slopes[i] as Tensor])) };
  });
  const prefix = `${placement}.${modes[modality]}.`;
  const program = await compile(backend, outputs, { name: prefix });
  const weights = fixture.keys().filter((key) => key.startsWith(`${placement}.weight.`));
  const results = await program.run({
    x: fixture.floats('x'),
    w: fixture.floats('w'),
    ...Object.fromEntries(weights.map((key) => [key.slice(`${placement}.weight.`.length), fixture.floats(key)])),
  });
  await program.release();
  const expected = fixture.keys().filter((key) => key.startsWith(prefix));
  return expected.map((key) => {
    const name = key.slice(prefix.length);
    const quantity = name === 'y' ? 'output' : 'gradients';
    const want = fixture.floats(key);
    const got = (results[name] as Float32Array | undefined) ?? new Float32Array(want.length); // not used, so no slope
    return compare(quantity, key, [got, want], { tolerance: tolerances[name === 'y' ? 'forward' : 'gradients'] });
  });
}
