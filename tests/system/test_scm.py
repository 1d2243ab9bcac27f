"""The service control manager: services.exe and advapi32 as programs in ring 3 meet them."""
from __future__ import annotations

import re

import pytest

from harness.shell import Shell
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


def processes(shell: Shell, name: str) -> list[str]:
    """The ids of the processes with this name."""
    return [row.split()[0] for row in shell.run("tasklist") if row.endswith(f"  {name}")]


def test_services_come_back(product: Product) -> None:
    """services.exe is ended under a process that is connected to it, cmd: its calls fail in words until another
    services.exe runs, which has the registry's services, and the loaded driver among them."""
    unavailable = ["sc: The RPC server is unavailable."]
    with Shell(product) as shell:
        assert shell.run("sc create v2p VirtToPhys.sys") == [] == shell.run("sc start v2p")
        before = shell.run("sc query")
        assert any(row.split()[:3] == ["v2p", "KERNEL_DRIVER", "RUNNING"] for row in before)
        [first] = processes(shell, "services.exe")
        shell.send(f"taskkill {first}\n")
        shell.wait_for(rf"^\[process\] event=exit id={first} name=services.exe status=00000001$")
        shell.fresh_prompt()
        assert shell.run("sc query") == ["sc: The remote procedure call failed."]
        assert shell.run("errorlevel") == ["1726"]
        assert shell.run("sc query") == unavailable
        assert shell.run("errorlevel") == ["1722"]
        shell.start("services.exe", r"(?i)^\[image\] name=kernel32\.dll ")
        shell.switch()
        tries = (shell.run("sc query") for _ in range(20))  # until its port is there
        assert next(lines for lines in tries if lines != unavailable) == before
        assert shell.run("sc stop v2p") == [] == shell.run("sc delete v2p")
        assert processes(shell, "services.exe") not in ([], [first])
