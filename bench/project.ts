// The modules of a checkout of the project, so that two checkouts can be measured in one run.

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface Project {
  readonly adapter: typeof import('../src/model/adapter/index.js');
  readonly autodiff: typeof import('../src/compiler/autodiff/index.js');
  readonly blip: typeof import('../src/model/blip/index.js');
  readonly nn: typeof import('../src/model/nn/index.js');
  readonly ort: typeof import('../src/node/ort.js');
  readonly runtime: typeof import('../src/compiler/runtime/index.js');
  readonly tensor: typeof import('../src/compiler/tensor/index.js');
}

const paths: Readonly<Record<keyof Project, string>> = {
  adapter: 'adapter/index',
  autodiff: 'autodiff/index',
  blip: 'blip/index',
  nn: 'nn/index',
  ort: 'node/ort',
  runtime: 'runtime/index',
  tensor: 'tensor/index',
};

/** @param folder  the root of a checkout */
export async function openProject(folder: string): Promise<Project> {
  const root = pathToFileURL(`${resolve(folder)}/src`);
  const modules = Object.entries(paths).map(
    async ([name, path]) => [name, await import(`${root}/${path}.ts`)] as const,
  );
  return Object.fromEntries(await Promise.all(modules)) as Project;
}
