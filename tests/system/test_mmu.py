"""`selftest=mmu`: the walk's verdicts, error codes and physical addresses against the CPU's, on random tables."""
from __future__ import annotations

import os

import pytest

from vmachine import Machine, Product, records
from vmachine.machine import EXIT_SUCCESS

TABLES = 10_000
SEEDS = ["1", *os.environ.get("VTP_SEED", "").split()]
# The format, its machine, and how many settings of CR0.WP, CR4.SMEP and CR4.SMAP that has.
MACHINES = {
    "32": ("paging=32", None, 2),
    "32, SMEP and SMAP": ("paging=32", "max", 8),
    "PSE": ("paging=pse", None, 2),
    "PSE, SMEP and SMAP": ("paging=pse", "max", 8),
    "PAE": ("paging=pae", "max,-nx", 8),
    "PAE and NX": ("paging=pae", "max", 8),
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("machine", MACHINES)
def test_verdicts_are_the_cpus(product: Product, machine: str, seed: str) -> None:
    """`In each format, at least 10 000 seeded random tables and accesses of six kinds under the combinations of WP,
    SMEP and SMAP: zero mismatches`. Two things QEMU does otherwise than the manual, and the kernel counts apart: a
    reserved bit's error code comes without P, and of a 4 MiB PDE only bit 21 is reserved."""
    word, cpu, settings = MACHINES[machine]
    with Machine(product.boot(f"selftest=mmu seed={seed} {word} exit", cpu=cpu)) as vm:
        status = vm.wait_exit(300)
    told = [line for line in vm.lines if line.startswith("[mmu]")]
    print("\n".join(told))
    found = list(records(vm.lines, "mmu"))[-1]
    number = {key: int(found[key]) for key in found.fields if found[key].isdigit()}
    assert status == EXIT_SUCCESS and number["mismatches"] == 0, "\n".join(told)
    assert found["format"] == word.removeprefix("paging=") and number["seed"] == int(seed)
    assert number["tables"] == TABLES
    assert number["accesses"] + number["skipped"] == TABLES * settings * 6
    assert number["skipped"] < 0.03 * number["accesses"]  # fetches from where there is no memory
    assert min(number["allowed"], number["refused"]) > TABLES * settings
    assert number["reserved"] == number["reserved_without_p"] + number["pse36_unchecked"]
    assert (number["reserved"] > 0) == (found["format"] != "32")
    assert (number["pse36_unchecked"] > 0) == (found["format"] == "pse")


def test_stale_translations(product: Product) -> None:
    """`Stale TLB demonstrated`: QEMU keeps a page until invlpg too, but mov cr3 takes global ones along."""
    with Machine(product.boot("selftest=mmu_stale exit")) as vm:
        assert vm.wait_exit() == EXIT_SUCCESS
    found = {record["step"]: record["tables"] == record["access"] for record in records(vm.lines, "tlb")}
    assert [step for step, agree in found.items() if not agree] == ["edited", "read_only"]
    assert len(found) == 8
