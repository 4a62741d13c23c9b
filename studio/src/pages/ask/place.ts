// What is asked about, what was asked, and who answers, as the address of the page says it.

import { address } from '../../app/place.js';
import { type Media, refOf, refText } from '../../parts/media.js';

export interface Asking {
  readonly media: Media | null;
  readonly question: string;
  /** Null: not said, so whoever can. */
  readonly adapter: string | null;
  /** Answers the same beside it; null: nobody. */
  readonly second: string | null;
}

export function askingOf(query: URLSearchParams): Asking {
  const ref = refOf(query.get('media') ?? '');
  const kind = query.get('kind') === 'video' ? 'video' : 'image';
  return {
    media: ref && { ref, kind, name: query.get('name') ?? ('upload' in ref ? 'your file' : ref.item) },
    question: query.get('q') ?? '',
    adapter: query.get('with'),
    second: query.get('and'),
  };
}

/** The other way round; kind and name of what is in a library are known there. */
export const addressOf = ({ media, question, adapter, second }: Asking): string =>
  address('/ask', {
    ...(media && { media: refText(media.ref) }),
    ...(media && 'upload' in media.ref && { kind: media.kind, name: media.name }),
    ...{ q: question, with: adapter ?? undefined, and: second ?? undefined },
  });
