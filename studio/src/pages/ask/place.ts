// What is asked about, what was asked, and who answers, as the address of the page says it.

import type { MediaRef } from '../../../../src/server/schema/index.js';
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
  return {
    media: ref && { ref, kind: query.get('kind') === 'video' ? 'video' : 'image', name: query.get('name') ?? nameOf(ref) },
    question: query.get('q') ?? '',
    adapter: query.get('adapter'),
    second: query.get('with'),
  };
}

/** The other way round. */
export const addressOf = ({ media, question, adapter, second }: Asking): string =>
  address('/ask', {
    ...(media && { media: refText(media.ref), kind: media.kind, name: media.name }),
    ...{ q: question, adapter: adapter ?? undefined, with: second ?? undefined },
  });

const nameOf = (ref: MediaRef): string => ('upload' in ref ? 'your file' : ref.item);
