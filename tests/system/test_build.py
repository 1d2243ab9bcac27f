"""What `make` says where it cannot build, and what it builds again when a flag changes."""
from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from vmachine import Product

ROOT = Path(__file__).resolve().parents[2]
TIME_LIMIT = 120  # seconds
MAKES_OWN = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "OUT", "ARGS", "CROSS", "WERROR")  # of the make that runs the tests
# All that the makefiles themselves need, without a compiler and without anything of Debian's packages for it.
PLAIN = ("make", "sh", "env", "mkdir", "dirname", "rm", "cp", "touch", "find", "grep", "sed", "awk", "git", "cat",
         "expand", "printf", "sort", "python3")


def make(*words: str, tree: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    outer = {name: value for name, value in os.environ.items() if name not in MAKES_OWN}
    return subprocess.run(["make", *words], cwd=tree, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=TIME_LIMIT, env=outer | environment)


@pytest.fixture
def plain(tmp_path: Path) -> str:
    """A PATH without toolchains."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in PLAIN:
        place = shutil.which(name)
        assert place, name
        (folder / name).symlink_to(place)
    return str(folder)


@pytest.mark.parametrize("target, tool, package", [
    ("kernel", "i686-linux-gnu-gcc", "gcc-i686-linux-gnu"),
    ("images", "i686-w64-mingw32-gcc", "gcc-mingw-w64-i686-win32"),
    ("unit-build", "gcc", "gcc"),
    ("debug", "gdb", "gdb"),
    ("format-check", "clang-format", "clang-format"),
])
def test_a_missing_tool_is_named(plain: str, tmp_path: Path, target: str, tool: str, package: str) -> None:
    """One sentence with the tool, its Debian package and `make deps`; nothing raw from the shell."""
    built = ("-o", "all") if target == "debug" else ()  # all: taken as built
    done = make(target, f"OUT={tmp_path}/out", *built, PATH=plain)
    assert done.returncode != 0
    said, *rest = done.stderr.splitlines()
    assert said == f"{tool} is not installed; it is in Debian's package {package}, and `make deps` installs all."
    assert all(line.startswith("make: ***") for line in rest), done.stderr


def test_without_tools_the_list_is_still_quiet(plain: str) -> None:
    """A fresh machine: the makefiles are read without a word about what is missing."""
    done = make("help", PATH=plain)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("cross, said", [
    ("no-such-", "no-such-gcc is not installed; "),
    ("x86_64-linux-gnu-", "x86_64-linux-gnu-gcc compiles for x86_64-linux-gnu; CROSS= must name a toolchain for i686"),
])
def test_a_wrong_toolchain_is_one_sentence(tmp_path: Path, cross: str, said: str) -> None:
    """CROSS= that names nothing, and one for another processor."""
    done = make("kernel", f"OUT={tmp_path}/out", f"CROSS={cross}")
    assert done.returncode != 0 and done.stderr.startswith(said), done.stderr
    assert done.stderr.count("\n") == 2


def test_blanks_in_a_path_are_refused(tmp_path: Path) -> None:
    """Make cannot have blanks in the names of files: said at once, for OUT and for the tree."""
    done = make("all", f"OUT={tmp_path}/a b")
    assert done.returncode != 0 and f'OUT must be one path without blanks, not "{tmp_path}/a b"' in done.stderr
    tree = tmp_path / "a tree"
    (tree / "tools").mkdir(parents=True)
    for name in ("Makefile", "tools/build.mk"):
        shutil.copy(ROOT / name, tree / name)
    done = make("all", tree=tree)
    assert done.returncode != 0 and f"The path of the tree must not contain blanks: {tree}" in done.stderr


@pytest.mark.parametrize("target, change", [
    ("kernel/kernel/main.o", "WERROR=-Werror"),
    ("kernel/mm/walk.o", "WERROR=-Werror -DQUOTED='\"$$\"'"),
    ("oracle/count.so", "HOSTCC=x86_64-linux-gnu-gcc"),
    ("pe/user/user32/format.o", "PE_CFLAGS=-O1"),
    ("unit/kernel/rtl/printf.o", "UNIT_CFLAGS=-g0 -Iinclude -Ikernel"),
])
def test_a_changed_flag_builds_again(tmp_path: Path, target: str, change: str) -> None:
    """What was built with other flags is out of date; with the same ones, nothing is."""
    words = (f"{tmp_path}/{target}", f"OUT={tmp_path}")
    assert make(*words).returncode == 0
    assert make("-q", *words).returncode == 0
    assert make("-q", *words, change).returncode == 1
    done = make(*words, change)
    assert done.returncode == 0 and "CC " in done.stdout, done.stdout + done.stderr
    assert make("-q", *words, change).returncode == 0


def test_ready_is_ready(product: Product) -> None:
    """Nothing is built twice: a second `make` finds all of it done."""
    out = f"OUT={product.out}"
    assert make("-s", out, "all", "fixtures", "oracle").returncode == 0
    assert make("-q", out, "all", "fixtures", "oracle").returncode == 0
