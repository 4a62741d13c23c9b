// A stream into a file from some byte on; what arrived is on the disk even if the stream breaks.

import { open } from 'node:fs/promises';
import { flush } from '../../files/opened.js';

/** @param start  where the stream belongs; what the file has from there on is replaced */
export async function appendStream(
  path: string,
  start: number,
  stream: AsyncIterable<Uint8Array>,
  onBytes: (there: number) => void,
): Promise<void> {
  const file = await open(path, 'a');
  try {
    await file.truncate(start);
    let there = start;
    for await (const chunk of stream) {
      await file.write(chunk); // opened to append: at the end
      there += chunk.length;
      onBytes(there);
    }
    await flush(file);
  } finally {
    await file.close();
  }
}
