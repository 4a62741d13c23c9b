// Images and clips that pages pass around.

import type { LibraryItem, MediaRef } from '../../../src/server/schema/index.js';

/** One that somebody has chosen. */
export interface Media {
  readonly ref: MediaRef;
  readonly kind: 'image' | 'video';
  /** A file name or path, for people. */
  readonly name: string;
}

/** A ref as one word, for addresses: `upload:…` or `library:item`. */
export const refText = (ref: MediaRef): string =>
  'upload' in ref ? `upload:${ref.upload}` : `${ref.library}:${ref.item}`;

/** The ref of {@link refText}, null when it is none. Names of libraries have no colon. */
export function refOf(text: string): MediaRef | null {
  const colon = text.indexOf(':');
  if (colon < 1) return null;
  const [first, second] = [text.slice(0, colon), text.slice(colon + 1)];
  return first === 'upload' ? { upload: second } : { library: first, item: second };
}

/** An item as media to pass around. */
export const mediaOf = (item: LibraryItem): Media => ({
  ref: { library: item.library, item: item.id },
  kind: item.kind,
  name: item.path,
});
