#!/usr/bin/env python3
"""Checks every #include of src against the table in src/README.md: which folder may include which, and who may include LibTorch. Where the
README of a folder has a table of its subfolders, the same holds among those.

usage: check_includes.py [ROOT]
       check_includes.py --self-test    checks that forbidden includes are found
"""

import re
import sys
import tempfile
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
TORCH = re.compile(r"^(ATen|torch|c10|caffe2)/")
TOO_HEAVY = {"torch/torch.h", "torch/all.h", "torch/optim.h", "torch/serialize.h", "torch/nn.h"}  # 15 to 20 s in each file


@dataclass
class Table:
    allowed: dict[str, set[str]]
    with_torch: set[str]
    files_without_torch: list[str]
    subfolders: dict[str, dict[str, set[str]]]  # of a folder: which of its subfolders each of them may include


def read_table(readme: Path) -> Table:
    text = readme.read_text()
    rows = re.findall(r"^\| ([a-z]+) \|[^|]*\|([^|]*)\| (yes|no) \|$", text, re.MULTILINE)
    if not rows:
        sys.exit(f"{readme}: no row of the table `| folder | holds | may include | LibTorch |` was found")
    return Table(
        allowed={folder: set(may_include.split()) for folder, may_include, _ in rows},
        with_torch={folder for folder, _, torch in rows if torch == "yes"},
        files_without_torch=re.findall(r"`([a-z]+/[a-z_/]*[a-z_*]\.\*)`", text),
        subfolders={path.parent.name: rows for path in readme.parent.glob("*/README.md") if (rows := read_subfolders(path))},
    )


def read_subfolders(readme: Path) -> dict[str, set[str]]:
    """The rows of `| subfolder | holds | may include |`; none where there is no such table."""
    _, _, table = readme.read_text().partition("| subfolder | holds | may include |\n")
    rows = re.match(r"(?:\|.*\|\n)*", table)[0]
    return {name: set(may_include.split()) for name, may_include in re.findall(r"^\| ([a-z]+) \|[^|]*\|([^|]*)\|$", rows, re.MULTILINE)}


def fault(table: Table, folder: str, name: str, bracket: str, header: str) -> str | None:
    if bracket == "<" and TORCH.match(header):
        if header in TOO_HEAVY:
            return f"<{header}> takes 15 s or more in each file; include the narrow header"
        if folder not in table.with_torch:
            return f"{folder} does without LibTorch"
        if any(fnmatch(f"{folder}/{name}", pattern) for pattern in table.files_without_torch):
            return "this file does without LibTorch"
    if bracket == '"' and "/" in header:
        other = header.split("/")[0]
        if other != folder and other not in table.allowed[folder]:
            return f"{folder} may include {listed(table.allowed[folder])}; not {other}"
        if other == folder and folder in table.subfolders:
            return fault_among_subfolders(table.subfolders[folder], name, header)
    return None


def fault_among_subfolders(allowed: dict[str, set[str]], name: str, header: str) -> str | None:
    own, other = subfolder(name), subfolder(header.partition("/")[2])
    if own == other or other in allowed.get(own, set()):
        return None
    return f"{own or 'a file outside of the subfolders'} may include {listed(allowed.get(own, set()))}; not {other or header}"


def subfolder(name: str) -> str:
    return name.split("/")[0] if "/" in name else ""


def listed(folders: set[str]) -> str:
    return ", ".join(sorted(folders)) or "nothing"


def faults(root: Path) -> list[str]:
    source = root / "src"
    table = read_table(source / "README.md")
    folders = {path.name for path in source.iterdir() if path.is_dir()}
    found = [f"src/README.md: no row for src/{folder}" for folder in sorted(folders - table.allowed.keys())]
    found += [f"src/README.md: no folder src/{folder}" for folder in sorted(table.allowed.keys() - folders)]
    for folder, rows in sorted(table.subfolders.items()):
        subfolders = {path.name for path in (source / folder).iterdir() if path.is_dir()}
        found += [f"src/{folder}/README.md: no row for src/{folder}/{name}" for name in sorted(subfolders - rows.keys())]
        found += [f"src/{folder}/README.md: no folder src/{folder}/{name}" for name in sorted(rows.keys() - subfolders)]
    for folder in sorted(folders & table.allowed.keys()):
        for path in sorted(source.glob(f"{folder}/**/*.[ch]*")):
            name = path.relative_to(source / folder).as_posix()
            for number, line in enumerate(path.read_text().splitlines(), 1):
                include = INCLUDE.match(line)
                message = include and fault(table, folder, name, *include.groups())
                if message:
                    found.append(f"{path.relative_to(root)}:{number}: {line.strip()}: {message}")
    return found


def self_test() -> None:
    cases = {
        'base/a.cpp: #include "base/b.h"': False,
        'base/a.cpp: #include "upper/a.h"': True,
        'upper/a.h: #include "base/b.h"': False,
        'upper/deeper/a.h: #include "top/a.h"': True,
        "base/a.cpp:   #  include <ATen/ATen.h>": True,
        "base/a.cpp: #include <vector>": False,
        "upper/a.cpp: #include <torch/types.h>": False,
        "upper/a.cpp: #include <torch/torch.h>": True,
        "upper/reader.cpp: #include <c10/core/ScalarType.h>": True,
        "upper/plain/a.h: #include <c10/core/ScalarType.h>": True,
        'top/high/a.cpp: #include "top/low/a.h"': False,
        'top/high/a.cpp: #include "top/high/b.h"': False,
        'top/high/a.cpp: #include "base/b.h"': False,
        'top/low/a.h: #include "top/high/a.h"': True,
        'top/low/a.h: #include "top/a.h"': True,
        'top/a.cpp: #include "top/low/a.h"': True,
    }
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in ("base", "upper/deeper", "upper/plain", "top/low", "top/high"):
            (root / "src" / name).mkdir(parents=True)
        (root / "src/README.md").write_text(
            "| base | x | | no |\n| upper | x | base | yes |\n| top | x | base upper | yes |\n\nknows `upper/reader.*`, `upper/plain/*.*`\n"
        )
        (root / "src/top/README.md").write_text(
            "| subfolder | holds | may include |\n|---|---|---|\n| low | x | |\n| high | x | low |\n\n| other | x | y |\n"
        )
        for case, forbidden in cases.items():
            name, line = case.split(": ", 1)
            path = root / "src" / name
            path.write_text(line + "\n")
            if bool(faults(root)) != forbidden:
                sys.exit(f"check_includes.py: {case!r} should be {'refused' if forbidden else 'accepted'}")
            path.unlink()
        for name in ("top/unknown", "unknown"):
            (root / "src" / name).mkdir()
            if not faults(root):
                sys.exit(f"check_includes.py: a folder without a row should be refused: {name}")
            (root / "src" / name).rmdir()


def main() -> None:
    if sys.argv[1:] == ["--self-test"]:
        self_test()
        return
    found = faults(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent)
    print("\n".join(found), end="\n" if found else "")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
