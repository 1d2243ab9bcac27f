"""The service control manager: services.exe and advapi32 as programs in ring 3 meet them."""
from __future__ import annotations

import re

import pytest

from vmachine import Machine, Product, records
from vmachine.machine import EXIT_SUCCESS


def run(product: Product, words: str, *fixtures: str) -> tuple[list[str], int]:
    """The log of a run by smss.exe with these fixtures, and QEMU's exit status."""
    modules = {name: product.fixture(name) for name in fixtures}
    with Machine(product.boot(f"exit {words}", modules)) as machine:
        for line in machine.follow(60):
            if line.startswith("[box] title="):
                machine.press("ret")
        return machine.lines, machine.wait_exit()


def test_error_codes_rights_and_deletion(product: Product) -> None:
    """`the error codes of nt-facts 3.6, delete-pending included`: sctest.exe checks each call from ring 3."""
    lines, status = run(product, "run=sctest.exe", "sctest.exe", "failentry.sys")
    bad = [line for line in lines if line.startswith(("not ok", "# "))]
    passed = [line for line in lines if re.match(r"ok \d+ - ", line)]
    assert not bad, "\n".join(bad)
    assert f"1..{len(passed)}" in lines and len(passed) > 100
    assert status == EXIT_SUCCESS


@pytest.mark.parametrize("mode, call, error", [("none", "open", "1065"), ("taken", "create", "1073")])
def test_modes_of_the_registry(product: Product, mode: str, call: str, error: str) -> None:
    """registry=none: there is no database to open; registry=taken: the service is there already."""
    lines, _ = run(product, f"registry={mode}")
    calls = {record["call"]: record["error"] for record in records(lines, "scm")}
    assert calls[call] == error


def test_drivers_start_with_the_system(product: Product) -> None:
    """`SERVICE_AUTO_START drivers present in the registry at boot are started`, before any program."""
    lines, _ = run(product, "registry=auto")
    started = next(i for i, line in enumerate(lines) if line.startswith("[scm] call=autostart service=VirtToPhys error=0"))
    program = next(i for i, line in enumerate(lines) if "event=create" in line and "VirtToPhys.exe" in line)
    assert started < program
