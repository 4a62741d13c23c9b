// Captions cut into words as coco-caption does before it compares them: by Stanford's PTBTokenizer 3.4.1 with
// -lowerCase, after which the commonest punctuation is dropped; brackets and marks such as `?!` stay, as there. Written
// from what that tokenizer does with captions, not from its grammar: smileys, currencies other than the dollar, HTML
// entities and rare abbreviations come out in another way.

/** They keep their full stop. */
const ABBREVIATIONS = [
  'mr|mrs|ms|dr|prof|sen|rep|gov|gen|col|capt|lt|sgt|cpl|hon|jr|sr|st|mt|ft|vs|etc|inc|co|corp|ltd|bros|ave|blvd|rd',
  'jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|mon|tue|tues|wed|thu|thurs|fri|ph\\.d|est|dept|univ',
  '(?:no|nos|ca|fig|pp|art|prop)(?=\\.\\s*\\d)',
].join('|');

/** Every token and nothing else; what none of them matches vanishes. The first that matches counts. */
const TOKENS = new RegExp(
  [
    '[#@]\\p{L}[\\p{L}\\p{N}_]*', // #hashtag
    `(?<![\\p{L}\\p{N}])(?:${ABBREVIATIONS})\\.(?!\\p{L})`,
    '(?<![\\p{L}\\p{N}])(?!i\\.(?!\\p{L}))(?:\\p{L}\\.)+\\p{L}?(?![\\p{L}\\p{N}])', // u.s., p.m, plan b.
    '(?<![\\p{L}\\p{N}])(?:can(?=not)|gon(?=na)|got(?=ta)|wan(?=na)|(?:gim|lem)(?=me))(?=\\p{L}{2,3}(?!\\p{L}))',
    "(?<![\\p{L}\\p{N}])(?:'t(?=is|was)|y'(?=all))",
    "\\p{L}+?(?=n't(?!\\p{L}))|n't(?!\\p{L})", // do n't
    "'(?:s|m|d|re|ve|ll|em|cause|\\d0s)(?!\\p{L})|'n(?:'|(?!\\p{L}))", // dog 's
    '(?<![\\p{L}\\p{N}])[-+]?(?:\\d+(?:[.,:/]\\d+)+|\\.\\d+)|(?<!\\S)[-+]\\d+', // 10:30, 1,000, 1/2
    "(?:(?:[odlc]|ma)'(?=\\p{L}{2}))?[\\p{L}\\p{M}\\p{N}]+(?:(?:[-/_]|(?<=\\p{L})\\.(?=\\p{L}))[\\p{L}\\p{M}\\p{N}]+)*",
    '[!?]{2,}',
    '[^\\s\\p{L}\\p{N}.,:;!?\'"`\u2010-\u2015\u2026-]',
  ].join('|'),
  'gu',
);
const BRACKETS: ReadonlyMap<string, string> = new Map(
  Object.entries({ '(': '-lrb-', ')': '-rrb-', '[': '-lsb-', ']': '-rsb-', '{': '-lcb-', '}': '-rcb-' }),
);

/** The words that captions are compared by, lower-cased and without most punctuation. */
export function wordsOf(caption: string): readonly string[] {
  const plain = caption
    .toLowerCase()
    .replaceAll(/[\u2018\u2019]/g, "'")
    .replaceAll(/[\u201c\u201d]/g, '"')
    .replaceAll(/[\u{10000}-\u{10ffff}]/gu, ' ');
  return (plain.match(TOKENS) ?? []).map((token) => BRACKETS.get(token) ?? token);
}
