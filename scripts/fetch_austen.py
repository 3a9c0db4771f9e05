#!/usr/bin/env python3
"""Fetches Jane Austen's six novels (public domain) from Debian's package r-cran-janeaustenr: one text file a novel, one line per line of
the book. Needs apt's download (not root) and Python's standard library; does nothing where the novels are there already.

usage: fetch_austen.py [FOLDER]      default: data/fetched/austen
"""

import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

PACKAGE = "r-cran-janeaustenr"
DATA = "usr/lib/R/site-library/janeaustenr/data"
# Words (as `wc -w` counts them) in each novel of version 1.0.0.
WORDS = {
    "emma": 157_441,
    "mansfieldpark": 159_540,
    "northangerabbey": 77_141,
    "persuasion": 83_283,
    "prideprejudice": 121_567,
    "sensesensibility": 118_565,
}


class RObject:
    """Reads one value from R's binary serialisation (R Internals, section 1.8; the big-endian form `X`): the types that data sets of
    character vectors are made of. Pairlists become dictionaries, vectors lists; attributes are dropped save the names of a list."""

    NIL, REFERENCE = 254, 255
    SYMBOL, PAIRLIST, CHARACTERS, LOGICALS, INTEGERS, REALS, STRINGS, LIST = 1, 2, 9, 10, 13, 14, 16, 19
    HAS_ATTRIBUTES, HAS_TAG = 1 << 9, 1 << 10

    def __init__(self, data: bytes):
        self.data, self.at, self.symbols = data, 0, []
        if self.take(2) != b"X\n":
            raise ValueError("this is no binary serialisation of R")
        version, _written_by, _readable_from = self.integers(3)
        if version == 3:
            self.take(self.integers(1)[0])  # the name of the native encoding
        self.value = self.item()

    def take(self, size: int) -> bytes:
        if self.at + size > len(self.data):
            raise ValueError(f"cut short at byte {len(self.data)}: {size} bytes expected at {self.at}")
        self.at += size
        return self.data[self.at - size : self.at]

    def integers(self, count: int) -> tuple[int, ...]:
        return struct.unpack(f">{count}i", self.take(4 * count))

    def item(self):
        (flags,) = self.integers(1)
        kind = flags & 0xFF
        if kind == self.NIL:
            return None
        if kind == self.REFERENCE:
            return self.symbols[(flags >> 8) - 1]
        if kind == self.SYMBOL:
            self.symbols.append(self.item())
            return self.symbols[-1]
        if kind == self.PAIRLIST:
            return self.pairlist(flags)
        if kind == self.CHARACTERS:
            (size,) = self.integers(1)
            return None if size == -1 else self.take(size).decode("utf-8")
        value = self.vector(kind)
        attributes = self.item() if flags & self.HAS_ATTRIBUTES else None
        if kind == self.LIST and attributes and "names" in attributes:
            return dict(zip(attributes["names"], value))
        return value

    def vector(self, kind: int) -> list:
        (count,) = self.integers(1)
        if kind in (self.INTEGERS, self.LOGICALS):
            return list(self.integers(count))
        if kind == self.REALS:
            return list(struct.unpack(f">{count}d", self.take(8 * count)))
        if kind in (self.STRINGS, self.LIST):
            return [self.item() for _ in range(count)]
        raise ValueError(f"type {kind} of R at byte {self.at} is not read here")

    def pairlist(self, flags: int) -> dict:
        result = {}
        while flags & 0xFF == self.PAIRLIST:
            if flags & self.HAS_ATTRIBUTES:
                self.item()
            tag = self.item() if flags & self.HAS_TAG else None
            result[tag] = self.item()
            (flags,) = self.integers(1)
        return result


def read_database(folder: Path) -> dict[str, list[str]]:
    """The objects of a lazy-loading database: Rdata.rdx says where in Rdata.rdb each one lies, as [size, big-endian][zlib stream]."""
    index = RObject(zlib.decompress((folder / "Rdata.rdx").read_bytes(), wbits=47)).value  # zlib or gzip
    blocks = (folder / "Rdata.rdb").read_bytes()
    objects = {}
    for name, (offset, size) in index["variables"].items():
        data = zlib.decompress(blocks[offset + 4 : offset + size])
        (expected,) = struct.unpack(">I", blocks[offset : offset + 4])
        if len(data) != expected:
            raise ValueError(f"{name}: {len(data)} bytes, but {expected} were announced")
        objects[name] = RObject(data).value
    return objects


def download(folder: Path) -> Path:
    """Downloads the package as the user who runs this, and unpacks it without installing it."""
    print(f"fetching {PACKAGE} from Debian", file=sys.stderr)
    command = ["apt-get", "download", "-qq", PACKAGE]
    if subprocess.run(command, cwd=folder, stderr=subprocess.DEVNULL).returncode != 0:
        update_own_lists(folder)
        command[1:1] = apt_options(folder)
        subprocess.run(command, cwd=folder, check=True)
    package = next(folder.glob("*.deb"))
    subprocess.run(["dpkg", "-x", package, folder / "files"], check=True)
    return folder / "files" / DATA


def apt_options(folder: Path) -> list[str]:
    return ["-o", f"Dir::State::lists={folder}/lists", "-o", f"Dir::Cache={folder}/cache"]


def update_own_lists(folder: Path) -> None:
    """The system's lists of packages may be missing or old, and refreshing them takes root: fetch a copy of our own."""
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True)
    subprocess.run(["apt-get", *apt_options(folder), "update", "-qq"], check=True)


def words_in(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").split()) if path.exists() else 0


def main() -> None:
    if len(sys.argv) > 2 or sys.argv[1:2] in (["-h"], ["--help"]):
        sys.exit(__doc__)
    root = Path(__file__).resolve().parent.parent
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else root / "data/fetched/austen"
    if all(words_in(folder / f"{name}.txt") == words for name, words in WORDS.items()):
        return
    for tool in ("apt-get", "dpkg"):
        if not shutil.which(tool):
            sys.exit(f"{tool} was not found: the novels come from a Debian package. Any folder of plain text files serves as well.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        novels = read_database(download(Path(temporary)))
    folder.mkdir(exist_ok=True)
    for name, expected in WORDS.items():
        text = "\n".join(novels[name]) + "\n"
        if len(text.split()) != expected:
            sys.exit(f"{name}: {len(text.split())} words, expected {expected}: the package has changed")
        partial = folder / f".{name}.partial"
        partial.write_text(text, encoding="utf-8")
        os.replace(partial, folder / f"{name}.txt")
    print(f"{len(WORDS)} novels, {sum(WORDS.values())} words in {folder}", file=sys.stderr)


if __name__ == "__main__":
    main()
