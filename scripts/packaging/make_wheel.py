#!/usr/bin/env python3
"""Makes a wheel of a folder that holds the package albert_cpp, with Python's standard library only.

usage: make_wheel.py FOLDER VERSION TAG LICENCES COMMAND README OUTPUT
    FOLDER    holds albert_cpp/
    TAG       py3-none-manylinux_2_35_x86_64
    LICENCES  a folder of texts
    COMMAND   the script that is to be `albert` on the PATH
    README    the description
    OUTPUT    the folder for the wheel, whose path is printed
"""

import base64
import hashlib
import os
import sys
import zipfile
from pathlib import Path

METADATA = """Metadata-Version: 2.4
Name: albert_cpp
Version: {version}
Summary: Trains, evaluates and uses ALBERT language models: the program albert, in C++ on LibTorch
Requires-Python: >=3.10
Requires-Dist: torch==2.11.*
Classifier: Operating System :: POSIX :: Linux
Classifier: Programming Language :: C++
Classifier: Typing :: Typed
{licences}Description-Content-Type: text/markdown

{description}"""
WHEEL = """Wheel-Version: 1.0
Generator: albert.cpp
Root-Is-Purelib: false
Tag: {tag}
"""


class Wheel:
    """A wheel that is being written: the same bytes whenever it is made of the same files."""

    def __init__(self, path: Path) -> None:
        self.archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9)
        self.records: list[str] = []

    def add(self, name: str, content: bytes, is_executable: bool = False) -> None:
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        self.records.append(f"{name},sha256={digest},{len(content)}\n")
        self._write(name, content, 0o755 if is_executable else 0o644)

    def finish(self, info: str) -> None:
        record = f"{info}/RECORD"
        self._write(record, "".join([*self.records, f"{record},,\n"]).encode(), 0o644)
        self.archive.close()

    def _write(self, name: str, content: bytes, mode: int) -> None:
        entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
        entry.external_attr = (0o100000 | mode) << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        self.archive.writestr(entry, content)


def files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def main() -> None:
    if len(sys.argv) != 8:
        sys.exit(__doc__)
    folder, version, tag, licences, command, readme, output = sys.argv[1:]
    info = f"albert_cpp-{version}.dist-info"
    texts = files_below(Path(licences))
    path = Path(output) / f"albert_cpp-{version}-{tag}.whl"
    partial = path.with_suffix(".partial")
    wheel = Wheel(partial)
    for file in files_below(Path(folder)):
        wheel.add(str(file.relative_to(folder)), file.read_bytes(), os.access(file, os.X_OK))
    wheel.add(f"albert_cpp-{version}.data/scripts/albert", Path(command).read_bytes(), is_executable=True)
    for text in texts:
        wheel.add(f"{info}/licenses/{text.name}", text.read_bytes())
    metadata = METADATA.format(version=version, licences="".join(f"License-File: {text.name}\n" for text in texts), description=Path(readme).read_text("utf-8"))
    wheel.add(f"{info}/METADATA", metadata.encode())
    wheel.add(f"{info}/WHEEL", WHEEL.format(tag=tag).encode())
    wheel.finish(info)
    os.replace(partial, path)
    print(path)


if __name__ == "__main__":
    main()
