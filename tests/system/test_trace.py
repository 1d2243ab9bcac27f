"""The trace of IRPs: what the log says of their way."""
from __future__ import annotations

import pytest

from vmachine import Machine, Product, Record, records


def trace(product: Product, words: str) -> list[Record]:
    """The [irp] records of a whole run."""
    with Machine(product.boot(f"exit {words}")) as machine:
        machine.wait_for(r"\[box\] title=")
        machine.press("ret")
        machine.wait_exit()
        return list(records(machine.lines, "irp"))


@pytest.fixture(scope="module")
def traced(product: Product) -> list[Record]:
    return trace(product, "trace=irp")


def test_the_drivers_irps_come_in_order(traced: list[Record]) -> None:
    """IRP_MJ_CREATE, DEVICE_CONTROL, CLEANUP, CLOSE: one each, as the tutorial says."""
    calls = [r for r in traced if r["event"] == "call" and r["device"] == "devVirtToPhys"]
    assert [r["major"] for r in calls] == ["CREATE", "DEVICE_CONTROL", "CLEANUP", "CLOSE"]
    assert all(r["driver"] == "\\Driver\\VirtToPhys" for r in calls)
    assert (calls[1]["code"], calls[1]["in"], calls[1]["out"]) == ("0022E000", "16", "16")


def test_every_irp_is_completed_once(traced: list[Record]) -> None:
    """Each IRP that goes down comes back up, before its memory serves the next."""
    under_way: set[str] = set()
    for record in traced:
        irp = record["irp"]
        if record["event"] == "call":
            assert irp not in under_way, record
            under_way.add(irp)
        else:
            under_way.remove(irp)
    assert not under_way


def test_images_are_read_by_irp(traced: list[Record]) -> None:
    """No back door: the four images and the driver are opened and read from the boot volume by IRPs."""
    majors = [r["major"] for r in traced if r["event"] == "call" and r["device"] == "HarddiskVolume1"]
    assert majors == ["CREATE", "QUERY_INFORMATION", "READ", "CLEANUP", "CLOSE"] * 5


def test_the_log_is_quiet_without_it(product: Product) -> None:
    assert trace(product, "") == []
