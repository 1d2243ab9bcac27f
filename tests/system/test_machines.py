"""Machines that lack something, and drivers that do not go: said in words, survived, judged."""
from __future__ import annotations

from harness.shell import PROMPT
from vmachine import SHOWN, Machine, Product, records, table
from vmachine.machine import EXIT_SUCCESS


def test_without_a_keyboard_the_table_is_shown(product: Product) -> None:
    """No 8042 controller: the kernel says so and does not wait for a key that cannot come."""
    boot = product.boot("exit", extra=("-M", "pc,i8042=off"))
    with Machine(boot) as machine:
        assert machine.wait_exit() == EXIT_SUCCESS
        assert [r["present"] for r in records(machine.lines, "keyboard")] == ["no"]
        assert len(table(machine.lines)) == 4
        assert any("no PS/2 keyboard" in line for line in machine.lines)


def test_without_a_keyboard_the_table_stays(product: Product) -> None:
    """Nobody could press OK: the box is left on the screen at the end."""
    with Machine(product.boot("", extra=("-M", "pc,i8042=off"))) as machine:
        machine.wait_for_unfinished(PROMPT)
        assert "Modules Base Address" in machine.screen().text


def test_a_driver_without_unload_stays(product: Product) -> None:
    """It cannot be stopped: ControlService says ERROR_INVALID_SERVICE_CONTROL, as in NT, which the tutorial's
    program does not look at; its device is still there."""
    stays = {"VirtToPhys.sys": product.fixture("stays.sys")}
    with Machine(product.boot("exit", stays)) as machine:
        machine.wait_for(SHOWN)
        machine.press("ret")
        assert machine.wait_exit() == EXIT_SUCCESS
    assert [r["error"] for r in records(machine.lines, "scm") if r["call"] == "control"] == ["1052"]
    assert not [r for r in records(machine.lines, "driver") if r.get("event") == "unload"]
