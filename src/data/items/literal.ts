// Lists that programs wrote into a cell of a table: JSON's, Python's (pandas writes them so), NumPy's.
import { parseJson } from './values.js';

/** How deep lists may be in lists. */
const DEEPEST = 8;

/**
 * The list that a text is: `["a", "b"]`, `['a', "b's"]`, `('a', 'b')`, `['a' 'b']`, `[{'answer': 'a'}]`, `array(['a'], dtype=object)`.
 *
 * @returns undefined of any other text
 */
export function listIn(text: string): readonly unknown[] | undefined {
  const trimmed = text.trim();
  if (!/^(?:array\()?[[(][\s\S]*[\])]$/.test(trimmed)) return undefined;
  const json = parseJson(trimmed);
  if (Array.isArray(json)) return json;
  const reader = readerOf(trimmed);
  const list = reader.value(0);
  return Array.isArray(list) && reader.isAtEnd() ? list : undefined;
}

/** Whether a text begins as a list of texts and is none: most likely it was cut off. */
export const isBrokenList = (text: string): boolean => /^\s*\[\s*[ub]?['"]/.test(text) && listIn(text) === undefined;

/** What cannot be read. */
const NONE = Symbol('no literal');

const TOKENS = {
  text: /[ubr]{0,2}('''|"""|'|")/iy,
  number: /[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/iy,
  word: /[A-Za-z]\w*/y,
  space: /\s*/y,
  option: /\s*,\s*dtype=[\w<'"]+/y,
};
const WORDS: Readonly<Record<string, unknown>> = { True: true, true: true, False: false, false: false };
const NOTHING = new Set(['None', 'null', 'nan', 'NaN']);

/** A reader of Python's literals, as far as lists of texts need them. Every step goes ahead, so it ends. */
function readerOf(text: string) {
  let at = 0;
  const take = (token: RegExp): RegExpExecArray | null => {
    token.lastIndex = at;
    const found = token.exec(text);
    if (found) at += found[0].length;
    return found;
  };
  const takeSign = (sign: string): boolean => {
    take(TOKENS.space);
    const isThere = text.startsWith(sign, at);
    if (isThere) at += sign.length;
    return isThere;
  };

  function value(depth: number): unknown {
    take(TOKENS.space);
    if (depth > DEEPEST) return NONE;
    if (takeSign('array(')) return array(depth);
    if (takeSign('[')) return values(']', depth);
    if (takeSign('(')) return values(')', depth);
    if (takeSign('{')) return fields(depth);
    const quote = take(TOKENS.text)?.[1];
    if (quote !== undefined) return words(quote);
    const number = take(TOKENS.number);
    if (number) return Number(number[0]);
    const word = take(TOKENS.word)?.[0] ?? '';
    if (NOTHING.has(word)) return null;
    return Object.hasOwn(WORDS, word) ? WORDS[word] : NONE;
  }

  function array(depth: number): unknown {
    const list = value(depth + 1);
    take(TOKENS.option);
    return takeSign(')') ? list : NONE;
  }

  function values(end: string, depth: number): unknown {
    const list: unknown[] = [];
    while (!takeSign(end)) {
      const one = value(depth + 1);
      if (one === NONE) return NONE;
      list.push(one);
      takeSign(','); // NumPy prints none
    }
    return list;
  }

  function fields(depth: number): unknown {
    const entries: [string, unknown][] = [];
    while (!takeSign('}')) {
      const key = value(depth + 1);
      if (typeof key !== 'string' || !takeSign(':')) return NONE;
      const one = value(depth + 1);
      if (one === NONE) return NONE;
      entries.push([key, one]);
      takeSign(',');
    }
    return Object.fromEntries(entries);
  }

  function words(quote: string): unknown {
    const parts: string[] = [];
    while (!text.startsWith(quote, at)) {
      if (at >= text.length) return NONE;
      const sign = text[at] === '\\' ? take(ESCAPE) : null;
      parts.push(sign ? unescaped(sign) : (text[at++] as string));
    }
    at += quote.length;
    return parts.join('');
  }

  return { value, isAtEnd: () => at === text.length };
}

const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U(000[\da-fA-F]{5}|0010[\da-fA-F]{4})|([\s\S]))/y;
const SHORT: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\n': '' };

function unescaped([, byte, short, long, sign]: RegExpExecArray): string {
  const code = byte ?? short ?? long;
  if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
  return SHORT[sign ?? ''] ?? sign ?? '';
}
