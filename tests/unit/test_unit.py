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


def registered_tests(source: Path) -> list[str]:
    """The names that a test file registers."""
    return re.findall(r"(?<!define )\bTEST\((\w+)\)", source.read_text())


def out_folder(request: pytest.FixtureRequest) -> Path:
    return ROOT / request.config.getoption("--out", default=os.environ.get("OUT", "build"))


@functools.lru_cache(maxsize=None)
def run(binary: Path, out: Path, only: str = "") -> Run:
    """Runs a binary once, whatever the number of its tests; or only one of them."""
    environment = dict(os.environ, CMOCKA_MESSAGE_OUTPUT="TAP", VTP_OUT=str(out), VTP_TEST=only)
    try:
        done = subprocess.run([binary], env=environment, capture_output=True, text=True, errors="replace",
                              timeout=TIME_LIMIT, cwd=ROOT, check=False)
        status, output = done.returncode, f"{done.stdout}{done.stderr}exit status {done.returncode}"
    except subprocess.TimeoutExpired as late:
        status, output = -1, f"no end within {TIME_LIMIT} s\n{late.stdout or ''}\n{late.stderr or ''}"
    except OSError as error:  # a kernel that runs no 32-bit programs
        return Run(0, {name: "skip" for name in registered_tests(HERE / f"{binary.name}.c")}, str(error))
    results = {}
    for line in output.splitlines():
        if match := TAP_RESULT.match(line):
            results[match[3]] = "skip" if match[2] else match[1]
    return Run(status, results, output)


def built(binary: str, request: pytest.FixtureRequest) -> tuple[Path, Path]:
    """The binary's path and the build's folder."""
    out = out_folder(request)
    path = out / "unit" / binary
    if not path.exists():
        pytest.fail(f"{path} is not built; run `make unit-build` first", pytrace=False)
    return path, out


CASES = [(source.stem, name) for source in sorted(HERE.glob("test_*.c")) for name in registered_tests(source)]


@pytest.mark.parametrize(("binary", "name"), CASES, ids=[f"{b.removeprefix('test_')}-{n}" for b, n in CASES])
def test_unit(binary: str, name: str, request: pytest.FixtureRequest) -> None:
    path, out = built(binary, request)
    result = run(path, out)
    if name not in result.results:  # a sanitizer ended the run early: alone, each test says how it is
        result = run(path, out, name)
    outcome = result.results.get(name, "ended in the middle")
    if outcome == "skip":
        pytest.skip(f"{name}: what it needs is not there")
    if outcome != "ok":
        pytest.fail(f"{name}: {outcome}\n{result.output[-6000:]}", pytrace=False)


@pytest.mark.parametrize("binary", sorted({b for b, _ in CASES}))
def test_clean_end(binary: str, request: pytest.FixtureRequest) -> None:
    """When all tests of a binary are good, so is its end: no leak, and no test that its source has and it does not."""
    path, out = built(binary, request)
    result = run(path, out)
    if "not ok" in result.results.values() or set(result.results) < set(registered_tests(HERE / f"{binary}.c")):
        pytest.skip("not all of its tests are good")
    assert set(result.results) == set(registered_tests(HERE / f"{binary}.c"))
    assert result.status == 0, result.output[-6000:]
