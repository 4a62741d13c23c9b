// Texts of others (names of files, captions, messages of libraries) made safe to show: what would move a cursor, begin a
// line, turn the direction of writing or hide itself is written out.

/**
 * C0 and C1 controls, separators of lines and paragraphs, marks and overrides of direction, invisible spaces, halves of
 * surrogate pairs. Joiners (U+200C, U+200D) stay: scripts and emoji are written with them.
 */
const UNSEEN =
  String.raw`[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff` +
  String.raw`\ufff9-\ufffb\p{Cs}]`;

/** One of those, after what is found first. */
const unseenBut = (own: string): RegExp => new RegExp(`(${own})|${UNSEEN}`, 'gu');

const ANY = unseenBut('(?!)');
const BUT_LINES = unseenBut(String.raw`\n`);
/** Colours and weights, and how a line is written again. */
const BUT_TERMINAL = unseenBut(String.raw`\r?\n|\t|\u001b\[\d{1,2}m|\r\u001b\[2K`);

/**
 * The text on one line, with everything unseen as JSON escapes it: `\n`, `\u001b`, `\u202e`. Of JSON the value stays the
 * same.
 */
export const visible = (text: string): string => text.replace(ANY, escaped);

/** The same of a text that has lines of its own. */
export const visibleLines = (text: string): string => text.replace(BUT_LINES, escaped);

/** The same of a text that has colours too, as programs of ours make it for a terminal. */
export const visibleOutput = (text: string): string => text.replace(BUT_TERMINAL, escaped);

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const escaped = (unseen: string, own: string | undefined): string =>
  own ?? SHORT[unseen] ?? `\\u${unseen.charCodeAt(0).toString(16).padStart(4, '0')}`;
