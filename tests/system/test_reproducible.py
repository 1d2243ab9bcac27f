"""The build gives the same bytes twice, wherever it is put and in whatever order it ran."""
from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TIME_LIMIT = 900  # seconds, for one build: against one that hangs
MAKES_OWN = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "OUT")  # of the make that runs the tests


def build(out: Path, jobs: int) -> dict[str, bytes]:
    """Builds everything that is handed out; its files by name."""
    clean = {name: value for name, value in os.environ.items() if name not in MAKES_OWN}
    subprocess.run(["make", "-s", f"-j{jobs}", f"OUT={out}", "all", "fixtures", "iso"], cwd=ROOT, check=True,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=TIME_LIMIT, env=clean)
    files = [out / "kernel.elf", out / "virttophys.iso", *sorted((out / "images").iterdir()),
             *sorted((out / "fixtures").iterdir())]
    return {str(path.relative_to(out)): path.read_bytes() for path in files}


def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    """`gives the same bytes twice`, `parallel-safe`: two folders of different depth, one job and four."""
    first = build(tmp_path / "a", jobs=4)
    second = build(tmp_path / "another" / "folder", jobs=1)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
