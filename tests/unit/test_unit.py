"""The host unit tests, each as a test of its own: `make unit-build` makes the binaries, they report as TAP."""
from __future__ import annotations

import functools
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TIME_LIMIT = 300  # seconds for one binary; the slowest takes about ten

TAP_RESULT = re.compile(r"^(not ok|ok) \d+ (?:(# SKIP) )?(?:- )?(\w+)$")


@dataclass
class Run:
    """What one binary reported."""

    status: int
    results: dict[str, str]  # "ok", "not ok" or "skip", by the test's name
    output: str

    def reason(self, name: str) -> str:
        """The lines that say why a test failed."""
        return f"exit status {self.status}\n{self.output[-6000:]}" if name not in self.results else self.output[-6000:]


def tests_in(source: Path) -> list[str]:
    """The names that a test file registers."""
    return re.findall(r"\bTEST\((\w+)\)", source.read_text())


def out_folder(request: pytest.FixtureRequest) -> Path:
    return ROOT / request.config.getoption("--out", default=os.environ.get("OUT", "build"))


@functools.lru_cache(maxsize=None)
def run(binary: Path, out: Path) -> Run:
    """Runs a binary once, whatever the number of its tests."""
    environment = dict(os.environ, CMOCKA_MESSAGE_OUTPUT="TAP", VTP_OUT=str(out))
    try:
        done = subprocess.run([binary], env=environment, capture_output=True, text=True, errors="replace",
                              timeout=TIME_LIMIT, cwd=ROOT, check=False)
        status, output = done.returncode, done.stdout + done.stderr
    except subprocess.TimeoutExpired as late:
        status, output = -1, f"no end within {TIME_LIMIT} s\n{late.stdout or ''}\n{late.stderr or ''}"
    results = {}
    for line in output.splitlines():
        if match := TAP_RESULT.match(line):
            results[match[3]] = "skip" if match[2] else match[1]
    return Run(status, results, output)


CASES = [(source.stem, name) for source in sorted(HERE.glob("test_*.c")) for name in tests_in(source)]


@pytest.mark.parametrize(("binary", "name"), CASES, ids=[f"{b.removeprefix('test_')}-{n}" for b, n in CASES])
def test_unit(binary: str, name: str, request: pytest.FixtureRequest) -> None:
    out = out_folder(request)
    path = out / "unit" / binary
    if not path.exists():
        pytest.fail(f"{path} is not built; run `make unit-build` first", pytrace=False)
    result = run(path, out)
    outcome = result.results.get(name, "not reported")
    if outcome == "skip":
        pytest.skip(f"{name}: what it needs is not there")
    if outcome != "ok":
        pytest.fail(f"{name}: {outcome}\n{result.reason(name)}", pytrace=False)


@pytest.mark.parametrize("binary", sorted({b for b, _ in CASES}))
def test_clean_end(binary: str, request: pytest.FixtureRequest) -> None:
    """The binary ran all that its source registers, and the sanitizers found nothing to say at its end."""
    out = out_folder(request)
    path = out / "unit" / binary
    if not path.exists():
        pytest.fail(f"{path} is not built; run `make unit-build` first", pytrace=False)
    result = run(path, out)
    assert set(result.results) == set(tests_in(HERE / f"{binary}.c"))
    assert result.status == 0, result.output[-6000:]
