#!/usr/bin/env python3
"""Makes stand-ins for the CUDA libraries that libtorch_python.so is linked with, so that the tests can `import torch` from the CPU
part of the wheel: 2.5 GB less to download, and a faster import.

libtorch_python.so needs libtorch_cuda.so, libcudnn and libcufile to load, but on a machine without a GPU it calls nothing in them. A
stand-in carries the same name and defines each symbol that libtorch_python.so takes from the real one as an illegal instruction (a
type description stays one, since Python's bindings read it). Load the stand-ins first; then torch finds them in the process.

usage: make_cuda_stubs.py FOLDER_OF_THE_WHEEL OUTPUT_FOLDER
"""

import subprocess
import sys
from pathlib import Path

REPLACED = ("libtorch_cuda.so", "libtorch_nvshmem.so")  # the second comes into the process with the first
ABSENT = {"libcudnn.so.9": "cudnn", "libcufile.so.0": "cuFile"}  # not in the CPU part; prefix of their symbols
VTABLE_BYTES = 4096
GIL_CHECKER = "_ZN4c10d15get_gil_checkerEv"  # called while loading: returns a reference, to which a function's address is written


def symbols(library: Path, which: str) -> set[str]:
    lines = subprocess.run(["nm", "-D", which, library], check=True, capture_output=True, text=True).stdout.splitlines()
    return {line.split()[-1].split("@")[0] for line in lines}


def definition(name: str) -> str:
    if name.startswith("_ZTI"):  # what type_info holds: the pointer to its own vtable, and the type's name
        return (
            f".data\n.balign 8\n{name}: .quad _ZTVN10__cxxabiv117__class_type_infoE+16, 1f\n"
            f'.section .rodata\n1: .asciz "{name.removeprefix("_ZTI")}"'
        )
    if name.startswith("_ZTV"):
        return f".data\n.balign 8\n{name}: .zero {VTABLE_BYTES}"
    if name == GIL_CHECKER:
        return f".text\n{name}: lea 1f(%rip), %rax\nret\n.data\n.balign 8\n1: .quad 0"
    return f".text\n{name}: ud2"


def build(output: Path, names: set[str]) -> None:
    lines = [f".globl {name}\n{definition(name)}" for name in sorted(names)]
    source = "\n".join([*lines, '.section .note.GNU-stack,"",@progbits', ""])
    command = ["g++", "-shared", f"-Wl,-soname,{output.name},--default-symver", "-o", output, "-x", "assembler", "-"]
    subprocess.run(command, input=source, check=True, text=True)


def main() -> None:
    libraries, output = Path(sys.argv[1]) / "torch/lib", Path(sys.argv[2])
    output.mkdir(parents=True, exist_ok=True)
    wanted = symbols(libraries / "libtorch_python.so", "--undefined-only")
    offered = set().union(*(symbols(libraries / name, "--defined-only") for name in REPLACED))
    build(output / REPLACED[0], wanted & offered)
    for name, prefix in ABSENT.items():
        build(output / name, {symbol for symbol in wanted if symbol.startswith(prefix)})


if __name__ == "__main__":
    main()
