"""All 32 exceptions are reported with what a reader needs, and a report reads as failure."""
from __future__ import annotations

import pytest

from vmachine import Machine, Product
from vmachine.log import records
from vmachine.machine import EXIT_FAILURE
from vmachine.symbols import kernel_symbols

# Intel SDM vol. 3A, table 6-1; 28 to 30: AMD APM vol. 2, table 8-1. The rest is reserved.
NAMES = {
    0: "divide error", 1: "debug", 2: "non-maskable interrupt", 3: "breakpoint", 4: "overflow", 5: "bound",
    6: "invalid opcode", 7: "device not available", 8: "double fault", 9: "coprocessor segment overrun",
    10: "invalid tss", 11: "segment not present", 12: "stack", 13: "general protection", 14: "page fault",
    16: "floating-point", 17: "alignment check", 18: "machine check", 19: "simd", 20: "virtualization",
    21: "control protection", 28: "hypervisor injection", 29: "vmm communication", 30: "security",
}
REGISTERS = ("eax", "ebx", "ecx", "edx", "esi", "edi", "ebp", "esp", "eflags", "cr0", "cr2", "cr3", "cr4")

# kind: vector, words for the error code's bits, CR2, the function it happens in. The words for the bits that no
# kind reaches (IDT, LDT, external; user, fetch, reserved bit) are held in tests/unit/test_words.c.
KINDS = {
    "divide": (0x00, None, None, "crash_divide"),
    "breakpoint": (0x03, None, None, "crash_breakpoint"),
    "opcode": (0x06, None, None, "crash_opcode"),
    "gp": (0x0D, "GDT entry 0xff", None, "crash_gp"),
    "read": (0x0E, "not present, read, kernel", "D0000000", "crash_read"),
    "null": (0x0E, "not present, write, kernel", "00000000", "crash_null"),
    "write": (0x0E, "protection, write, kernel", None, "crash_write"),
    "stack": (0x08, None, "CFFFFFFC", "crash_stack"),
}

# kind: the code and parameters (None: an address) by the WDK's Bug Check Code Reference, and a routine on the way.
# Where NT raises a status that nobody handles (1Eh), the status is the first parameter.
BUGCHECKS = {
    "irql": (0x0A, (None, 2, 0, None), "crash_irql"),
    "blocks": (0x0C, (4, 0, 0, 0), "crash_blocks"),
    "mutex": (0x1E, (0xC0000046, None, None, 0), "crash_mutex"),
    "semaphore": (0x1E, (0xC0000047, None, 2, 0), "crash_semaphore"),
    "lock": (0x1E, (0xC0000005, None, 0xD0000000, 0), "crash_lock"),
    "location": (0x35, (None, 0, 0, 0), "IoCallDriver"),
}


def crashed(product: Product, kind: str) -> tuple[list[str], str]:
    """The log and the screen of a machine that stopped over `crash=`; asserts that it reads as failure."""
    with Machine(product.boot(f"crash={kind}")) as machine:
        machine.wait_for(r"^\[exit\] status=failure$")
        screen = machine.screen().text
        lines = machine.lines
    with Machine(product.boot(f"crash={kind} exit")) as machine:
        assert machine.wait_exit() == EXIT_FAILURE
    return lines, screen


@pytest.mark.parametrize("kind", KINDS)
def test_report(product: Product, kind: str) -> None:
    """`a report that names vector, error bits in words, registers, CR2, and a backtrace with symbol names;
    a double fault has its own stack`."""
    vector, bits, cr2, function = KINDS[kind]
    lines, screen = crashed(product, kind)
    exception, = records(lines, "exception")
    assert exception.hex("vector") == vector and NAMES[vector] in exception["name"].lower()
    assert bits is None or exception["bits"] == bits
    assert cr2 is None or exception["cr2"] == cr2
    registers, = records(lines, "registers")
    assert set(REGISTERS) <= registers.fields.keys()
    symbols = kernel_symbols(product.out)
    assert (symbols.name(exception.hex("eip")) or "").startswith(function)
    for words in (exception["name"], exception["eip"], function, *((bits,) if bits else ())):
        assert words in screen, screen


@pytest.mark.parametrize("kind", ["divide", "read", "assert", "pool"])
def test_backtrace_leads_to_main(product: Product, kind: str) -> None:
    """The backtrace is the chain of calls down to kernel_main, and its names are those of the symbol table;
    a return address belongs to the call before it."""
    lines, _ = crashed(product, kind)
    symbols = kernel_symbols(product.out)
    fault = {record.hex("eip") for record in records(lines, "exception")}
    frames = [(frame.hex("eip"), frame["symbol"].split("+")[0]) for frame in records(lines, "backtrace")]
    assert "kernel_main" in [name for _, name in frames]
    for address, name in frames:
        true = symbols.name(address if address in fault else address - 1) or "?"
        assert name in ("?", true.split("+")[0]), f"{address:08X}"


@pytest.mark.parametrize("vector", range(32))
def test_every_vector_is_named(product: Product, vector: int) -> None:
    """`all 32 exceptions`: each has its stub, its name and the right number."""
    with Machine(product.boot(f"crash={vector} exit")) as machine:
        exception = machine.wait_for_record("exception")
        assert machine.wait_exit() == EXIT_FAILURE
    assert exception.hex("vector") == vector
    assert NAMES.get(vector, f"reserved vector {vector}") in exception["name"].lower()


def test_assertion_names_its_place(product: Product) -> None:
    """A failed ASSERT says file, line and expression, on the screen and in the log."""
    lines, screen = crashed(product, "assert")
    bugcheck, = records(lines, "bugcheck")
    assert "crash.c:" in bugcheck["why"] and "ASSERT(" in bugcheck["why"]
    assert bugcheck["why"][:20] in screen


def test_double_free_is_bad_pool_caller(product: Product) -> None:
    """Freeing a block twice is bugcheck C2, BAD_POOL_CALLER."""
    lines, _ = crashed(product, "pool")
    assert next(records(lines, "bugcheck")).hex("code") == 0xC2


@pytest.mark.parametrize("kind", BUGCHECKS)
def test_wrong_calls_stop_the_system(product: Product, kind: str) -> None:
    """What a driver must not do is the bugcheck that NT has for it, with its parameters and the way to the call."""
    code, expected, function = BUGCHECKS[kind]
    lines, screen = crashed(product, kind)
    bugcheck, = records(lines, "bugcheck")
    assert bugcheck.hex("code") == code
    parameters = [bugcheck.hex(f"p{i}") for i in range(1, 5)]
    for at, (parameter, value) in enumerate(zip(parameters, expected, strict=True), 1):
        assert parameter >= 0x80000000 if value is None else parameter == value, f"p{at}={parameter:08X}"
    frames = [frame["symbol"].split("+")[0] for frame in records(lines, "backtrace")]
    assert function in frames and "kernel_main" in frames
    assert f"Bugcheck {code:08X}" in screen and bugcheck["why"][:20] in screen


# kind, the format, the processor; the level that denies, why, and the region of the address.
DENIALS = [
    ("read", "", None, "PDE", "not present", "free"),
    ("null", "", None, "PDE", "not present", "NULL"),
    ("write", "", None, "PTE", "R/W=0: read-only", "physical memory"),
    ("read", "paging=32", None, "PDE", "not present", "free"),
    ("write", "paging=pae", None, "PTE", "R/W=0: read-only", "physical memory"),
    ("fetch", "paging=pae", "max", "PTE", "XD=1: no code", "physical memory"),
]


@pytest.mark.parametrize(("kind", "word", "cpu", "level", "reason", "region"), DENIALS)
def test_page_fault_is_explained(
    product: Product, kind: str, word: str, cpu: str | None, level: str, reason: str, region: str
) -> None:
    """`Everything else reported: address, error bits in words, the walk with the level that denied, the nearest
    symbol and the region's name`: and the verdict of the tables is the error code that the CPU pushed."""
    with Machine(product.boot(f"crash={kind} {word}", cpu=cpu)) as machine:
        machine.wait_for(r"^\[exit\] status=failure$")
        screen, lines = machine.screen().text, machine.lines
    exception, = records(lines, "exception")
    denied, = records(lines, "denied")
    where, = records(lines, "where")
    levels = [record["level"] for record in records(lines, "walk")]
    assert (denied["level"], denied["reason"], where["region"]) == (level, reason, region)
    assert denied["error"] == exception["error"] and levels[-1] == level
    assert levels == ["PDPTE", "PDE", "PTE"][word != "paging=pae" :][: len(levels)]
    assert where["address"] == exception["cr2"]
    assert where.hex("start") <= where.hex("address") <= where.hex("last")
    assert f"The {level} denies it: {reason}." in screen and f"lies in {where['start']}-{where['last']}, {region}" in screen
    if kind == "write":  # to the first byte of the kernel's text
        name, offset = where["symbol"].split("+")
        assert offset == "0x0" and any(char.isalpha() for char in name)
