// JSON of strangers. The engine parses lists within lists to any depth, and then whatever walks them (schemas, printing)
// runs out of stack: so depth is bounded before anything is parsed.

/** The deepest of our own files, a tokenizer.json, has eight levels. */
const DEEPEST = 100;

/**
 * The value of a JSON text.
 *
 * @throws SyntaxError  when it is no JSON, or lists and objects lie within each other more than 100 deep
 */
export function parseJson(text: string): unknown {
  if (isDeep(text)) throw new SyntaxError(`lists and objects within each other, more than ${DEEPEST} deep`);
  return JSON.parse(text);
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];

/** Of what is JSON otherwise; of other texts it does not matter. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = endOfString(text, i);
    else if (code === 0x5b || code === 0x7b) depth++;
    else if (code === 0x5d || code === 0x7d) depth--;
    if (depth > DEEPEST) return true;
  }
  return false;
}

/** The place of the quote that closes the one at `start`. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}

/**
 * Whether a value goes deeper than {@link parseJson} allows; one that holds itself goes on for ever.
 * For those that other parsers made.
 */
export function isTooDeep(value: unknown): boolean {
  const open: Iterator<unknown>[] = [[value].values()];
  for (let top = open.at(-1); top; top = open.at(-1)) {
    const { value: next, done } = top.next();
    if (done) open.pop();
    else if (typeof next === 'object' && next !== null) open.push(Object.values(next).values());
    if (open.length > DEEPEST + 1) return true;
  }
  return false;
}

const LONGEST = 200;

/** A value for messages: as JSON, the beginning of it if it is long. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
