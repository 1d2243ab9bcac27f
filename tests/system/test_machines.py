"""Machines that lack something, and drivers that do not go: said in words, survived, judged."""
from __future__ import annotations

from vmachine import Machine, Product, records
from vmachine.machine import EXIT_FAILURE, EXIT_SUCCESS


def test_without_a_keyboard_the_table_is_shown(product: Product) -> None:
    """No 8042 controller: the kernel says so and does not wait for a key that cannot come."""
    boot = product.boot("exit", extra=("-M", "pc,i8042=off"))
    with Machine(boot) as machine:
        assert machine.wait_exit() == EXIT_SUCCESS
        assert [r["present"] for r in records(machine.lines, "keyboard")] == ["no"]
        assert len(list(records(machine.lines, "module"))) == 4
        assert any("no PS/2 keyboard" in line for line in machine.lines)


def test_without_a_keyboard_the_table_stays(product: Product) -> None:
    """Nobody could press OK: the box is left on the screen at the end."""
    with Machine(product.boot("", extra=("-M", "pc,i8042=off"))) as machine:
        machine.wait_for(r"^\[exit\] status=success")
        assert "Modules Base Address" in machine.screen().text


def test_what_cannot_be_undone_is_failure(product: Product) -> None:
    """A driver without DriverUnload cannot be stopped: the run says so at its end, though the table was shown."""
    stays = {"VirtToPhys.sys": product.fixture("stays.sys")}
    with Machine(product.boot("exit", stays)) as machine:
        machine.wait_for(r'^\[box\] title="Modules Base Address"')
        machine.press("ret")
        assert machine.wait_exit() == EXIT_FAILURE
        assert machine.wait_for_record("client", step="stop", status="C0000010")
