import type { LoadedModel } from '../../src/model/index.js';
export async function card(_: LoadedModel, __: unknown): Promise<string> {
  return '# tiny\n';
}
