"""On Bochs, which is strict where QEMU is not: error codes of reserved bits, and a TLB that keeps global pages."""
from __future__ import annotations

from pathlib import Path

import pytest

from harness.bochs import log_of
from vmachine import Product, records

SUMS = r"^\[selftest\] passed=\d+ failed=\d+ skipped=\d+\s"
# The format, a model that has what it takes, and how many settings of CR0.WP, CR4.SMEP and CR4.SMAP that has.
MACHINES = {
    "32": ("paging=32", "pentium", 2),
    "PSE": ("paging=pse", "p4_prescott_celeron_336", 2),
    "PAE, NX, SMEP and SMAP": ("paging=pae", "broadwell_ult", 8),
}


@pytest.mark.parametrize("machine", MACHINES)
def test_strict_error_codes(product: Product, tmp_path: Path, machine: str) -> None:
    """`On Bochs the strict error codes`: a reserved bit's has P too. Of a 4 MiB PDE Bochs takes bit 21 alone for
    reserved, as QEMU does, whatever the model's physical addresses."""
    word, model, settings = MACHINES[machine]
    lines = log_of(product.kernel, model, f"selftest=mmu_random {word}", tmp_path, SUMS)
    found = list(records(lines, "mmu"))[-1]
    number = {key: int(value) for key, value in found.fields.items() if value.isdigit()}
    print(found.fields)
    assert "[selftest] passed=1 failed=0 skipped=0" in lines
    assert number["mismatches"] == 0 and number["reserved_without_p"] == 0
    assert number["accesses"] + number["skipped"] == number["tables"] * settings * 6
    assert (number["reserved"] > number["pse36_unchecked"]) == (found["format"] != "32")


def steps(lines: list[str]) -> dict[str, tuple[str, str]]:
    return {record["step"]: (record["tables"], record["access"]) for record in records(lines, "tlb")}


def test_stale_translations(product: Product, tmp_path: Path) -> None:
    """`The tables say one thing, an access another, invlpg makes them agree`; and mov cr3 keeps global pages."""
    lines = log_of(product.kernel, "broadwell_ult", "selftest=mmu_stale", tmp_path, SUMS)
    assert "[selftest] passed=1 failed=0 skipped=0" in lines
    found = steps(lines)
    stale = {step for step, (tables, access) in found.items() if tables != access}
    assert stale == {"edited", "global_edited_cr3_loaded", "read_only"}
    assert found["edited"][1] == found["mapped"][1] and found["global_edited_cr3_loaded"][1] == found["global"][1]
    assert len(found) == 8
