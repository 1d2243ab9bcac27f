"""The trace of IRPs: what the log says of their way."""
from __future__ import annotations

import pytest

from vmachine import DRIVER, PROGRAM_IMAGES, Machine, Product, Record, parse, records
from vmachine.machine import EXIT_FAILURE, EXIT_SUCCESS


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


def test_images_are_read_by_irp(product: Product, traced: list[Record]) -> None:
    """No back door: each program, library and driver is read from the boot volume by IRPs, whole and once,
    however many processes have it; what is opened is closed for its handle."""
    ours = [r for r in traced if r["device"] == "HarddiskVolume1"]
    read = sorted(int(r["information"]) for r in ours if (r["event"], r["major"]) == ("complete", "READ"))
    loaded = (*PROGRAM_IMAGES, DRIVER, "ntdll.dll", "smss.exe", "services.exe")
    assert read == sorted(product.image(name).stat().st_size for name in loaded)
    calls = [r["major"] for r in ours if r["event"] == "call"]
    assert calls.count("CREATE") == calls.count("CLEANUP") >= len(read)


def test_the_log_is_quiet_without_it(product: Product) -> None:
    assert trace(product, "") == []


def test_a_line_tells_who_called_and_when(traced: list[Record]) -> None:
    """`who called ... microseconds`: the program by name and id, and a time that never goes back."""
    ours = [r for r in traced if r["device"] == "devVirtToPhys"]
    assert {(r["process"], int(r["id"]) > 8) for r in ours} == {("VirtToPhys.exe", True)}
    times = [int(r["us"]) for r in traced]
    assert times == sorted(times) and times[-1] > 0


def test_drivers_are_loaded_by_the_system_process(product: Product) -> None:
    """`DriverEntry runs in the System process (another CR3)`: its CR3 is not that of the client's IRPs."""
    with Machine(product.boot("trace=irp exit")) as machine:
        machine.wait_for(r"^\[box\] title=")
        machine.press("ret")
        machine.wait_exit()
    calls = [r for r in records(machine.lines, "irp") if r["event"] == "call" and r["device"] == "devVirtToPhys"]
    loads = [r for r in records(machine.lines, "driver") if r.get("event") and r["name"] == "VirtToPhys"]
    assert [r["event"] for r in loads] == ["entry", "unload"]
    assert {r["process"] for r in loads} == {"System"}
    assert not {r["cr3"] for r in loads} & {r["cr3"] for r in calls}


def test_an_irp_completed_twice_stops_the_system(product: Product) -> None:
    """A driver that completes its IRP twice: bugcheck 44h, MULTIPLE_IRP_COMPLETE_REQUESTS, as on NT."""
    with Machine(product.boot("exit", {"VirtToPhys.sys": product.fixture("twice.sys")})) as machine:
        status = machine.wait_exit()
    stop, = records(machine.lines, "bugcheck")
    assert stop.hex("code") == 0x44 and status == EXIT_FAILURE


@pytest.mark.parametrize("words, vetoed", [("", False), ("cleanup=veto", True)])
def test_cleanup_as_in_nt_and_as_the_tutorial_says(product: Product, words: str, vetoed: bool) -> None:
    """`IRP_MJ_CLEANUP's status is ignored as in real NT, and cleanup=veto shows the tutorial's claim instead`: a
    driver fails CLEANUP; CloseHandle closes all the same, or leaves the handle to the end of the process."""
    veto = {"VirtToPhys.sys": product.fixture("veto.sys")}
    with Machine(product.boot(f"trace=irp exit {words}", veto)) as machine:
        machine.wait_for_record("box", title="Error")
        machine.press("ret")
        assert machine.wait_exit() == EXIT_SUCCESS
    found = [parse(line) for line in machine.lines]
    ours = [r for r in found if r and (r.get("device") == "devVirtToPhys" or r.get("call") == "control")]
    stop = next(at for at, r in enumerate(ours) if r.tag == "scm")
    ends = [(r["major"], r["status"]) for r in ours[:stop] if r.get("event") == "complete"][2:]
    later = [r["major"] for r in ours[stop:] if r.get("event") == "complete"]
    assert ends == [("CLEANUP", "80000011")] + ([] if vetoed else [("CLOSE", "00000000")])
    assert later == (["CLEANUP", "CLOSE"] if vetoed else [])
