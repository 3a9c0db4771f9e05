"""Text on which tokenizers are compared, and the program's tokenizer commands."""

import itertools
import os
import pathlib
import random
import subprocess
import unicodedata

import pytest

BINARY = os.environ.get("ALBERT_BINARY")
SHARED = os.environ.get("ALBERT_SHARED_DATA")

if not BINARY:
    pytest.skip("ALBERT_BINARY does not name the program under test", allow_module_level=True)


def albert(*arguments, lines=None):
    """Runs `albert tokenizer`; returns its output lines, one for every input line."""
    data = None
    if lines is not None:
        data = b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines)
    run = subprocess.run([BINARY, "-q", "tokenizer", *map(str, arguments)], input=data, stdout=subprocess.PIPE, check=True)
    output = run.stdout.decode().split("\n")
    assert output.pop() == "", "the last line is not ended"
    assert lines is None or len(output) == len(lines)
    return output


def encode(tokenizer, lines, *options):
    return [[int(number) for number in line.split()] for line in albert("encode", "--tokenizer", tokenizer, *options, lines=lines)]


def refusal(*arguments, code):
    """What `albert tokenizer` says on standard error when it fails with an exit code."""
    run = subprocess.run([BINARY, "-q", "tokenizer", *map(str, arguments)], capture_output=True, text=True)
    assert run.returncode == code, run.stderr
    return run.stderr


HAND_MADE = [
    "", " ", "   ", "\t", "\r", "Hello world", "  leading and trailing  ", "a  b   c", "tab\tand\rreturn",
    "``quoted'' text", "'''", "````", "'' ''", "`'`'", "''é''", "é''", "``é", "\"x\"", "„x“ ‚y‘ «z» ‹w›",
    "2000, 1,000, 3,5 10,000,000, x1, ,1 1,", "٣, ²,", "(a)b U.S. e.g. - – £5 €6 3.14 a.b.c.", "don't can’t it's",
    "café naïve Ångström Ǻ ﬁne ﬀ ½ ① Ⅷ ㎞ ﷺ", "cafe\u0301 n\u0303 a\u0301\u0302 \u0301 \u0301\u0302x", "e\u0301\u200d e\u200d\u0301",
    "İstanbul ıI ß ẞ ΑΒΣ Σ ς ΌΔΟΣ Ǆ ǅ", "[MASK]", "the [MASK] is", "a[MASK]b", "a  [MASK]  b", "[MASK][MASK]", "[CLS] x [SEP] <pad><unk>",
    "[mask] [ MASK ] [MASK [CLS] [[MASK]]", "<pad", "[MASK]''", "'[MASK]'", "é[MASK]é",
    "ＡＢＣ ｱｶﾞ ﾊﾟ １２３，", "中文字符，测试。", "日本語テキスト カタカナ", "한국어 텍스트 각 힣", "\u1112\u1161\u11ab", "ภาษาไทย กำ น้ำ", "لغة عربية ﷲ ۳،",
    "हिन्दी क्षि", "עִבְרִית", "ខ្មែរ", "😀 👨‍👩‍👧 👍🏽 🇩🇪🇫🇷 ❤️ ©️", "x\u200by x\u200cy x\u200dy \ufeffx x\ufeff \u2060", "\x00", "a\x00b", "\x01\x02a\x7fb\x1f", "a\x0bb\x0cc",
    "a\u00a0b\u3000c\u2003d\u2028e\u2029f\u0085g\u1680h", "▁", "a▁b", "▁▁a", "\ufffd", "a\ufffdb", "\uf8ff \U000f0000", "\U0010ffff",
    "x" * 500, "supercalifragilisticexpialidocious" * 8, "1234567890" * 20, "a " * 300, "\u0301" * 50, "é" * 300, "ก" * 2000, ",," * 30,
    "https://example.org/a?b=c&d=e#f", "A.B.C.D.", "C++ C# .NET $100 50% a_b {x} [y] <z> ~|^\\/", "\u0600x \u06dd1 \U000110bdx",
]

ASSIGNED = [
    chr(c) for c in range(0x110000) if c != 10 and unicodedata.category(chr(c)) not in ("Cn", "Cs", "Co")
]
JOINERS = "\u200d\u200c\u200b\ufeff\u0301\u0300\u0308\r\u00a0\u3000\u0e33\u1160\u1100\u11a8\u0600'`"
WORDS = "the of hello World 2000, 1,000 U.S. café naïve ``quote'' [MASK] (a)b it's £5 – € don't ''' ```".split()


def random_lines(count, seed):
    """Words, ASCII, characters of every category alike, and the ones that join with their neighbours."""
    draw = random.Random(seed)
    by_category = {}
    for character in ASSIGNED:
        by_category.setdefault(unicodedata.category(character), []).append(character)
    categories = sorted(by_category)
    kinds = [
        lambda: draw.choice(WORDS),
        lambda: chr(draw.choice([c for c in range(128) if c != 10])),
        lambda: " ",
        lambda: draw.choice(JOINERS),
        lambda: draw.choice(by_category[draw.choice(categories)]),
    ]
    weights = [25, 20, 10, 10, 35]
    return ["".join(kind() for kind in draw.choices(kinds, weights, k=draw.randint(0, 14))) for _ in range(count)]


def every_character(step):
    """Every assigned character, or one in `step`, between two letters and by itself, many to a line."""
    characters = ASSIGNED[::step]
    for start in range(0, len(characters), 200):
        yield " ".join(f"a{c}b {c}" for c in characters[start : start + 200])


def real_lines():
    shared = pathlib.Path(SHARED)
    files = sorted((shared / "data/corpora/gutenberg").iterdir())[::12] + sorted((shared / "data/corpora/zh_news").iterdir())[:1]
    files += [shared / "data/corpora/bert_sample.txt", shared / "data/glue/SST-2/train.tsv"]
    for path in files:
        with open(path, encoding="utf-8", errors="replace", newline="\n") as file:
            yield from (line.rstrip("\n") for line in itertools.islice(file, 400))
