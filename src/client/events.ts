// Server-sent events of an answer.

import type { Problem } from '../server/index.js';
import { errorFrom } from './call.js';

export interface Sent {
  readonly id: string;
  readonly name: string;
  readonly data: unknown;
}

/** The events as they come. @throws the server's error when it is the last event */
export async function* eventsOf(response: Response): AsyncGenerator<Sent> {
  if (!response.body) return;
  let rest = '';
  for await (const piece of textOf(response.body)) {
    const blocks = (rest + piece).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parsed(block);
      if (event?.name === 'problem') throw errorFrom(event.data as Problem);
      if (event) yield event;
    }
  }
}

/** Null for comments, which only keep the connection. */
function parsed(block: string): Sent | null {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const [, name, value = ''] = /^([a-z]+): ?(.*)$/.exec(line) ?? [];
    if (name) fields.set(name, value);
  }
  const data = fields.get('data');
  if (data === undefined) return null;
  return { id: fields.get('id') ?? '', name: fields.get('event') ?? 'message', data: JSON.parse(data) };
}

/** Streams are no async iterables everywhere yet. */
async function* textOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read())
      yield decoder.decode(next.value, { stream: true });
  } finally {
    await reader.cancel();
  }
}
