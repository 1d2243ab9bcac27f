"""The UART as a terminal at its other end needs it: read from its registers, which QEMU's log does not mind."""
from __future__ import annotations

import re
from typing import Iterator

import pytest

from vmachine import Machine, Product

COM1 = 0x3F8
# National Semiconductor, "PC16550D": offsets from the base; the first two are the divisor while DLAB is set.
DIVISOR_LOW, DIVISOR_HIGH, INTERRUPT_ENABLE, INTERRUPT_IDENTITY, LINE_CONTROL, MODEM_CONTROL = 0, 1, 1, 2, 3, 4
EIGHT_BITS_NO_PARITY_ONE_STOP, DLAB = 0x03, 0x80
DTR, RTS, LOOPBACK = 0x01, 0x02, 0x10
FIFOS_ON = 0xC0
RECEIVED_DATA = 0x01
BAUD_BASE, BAUD = 115200, 115200


@pytest.fixture(scope="module")
def halted(product: Product) -> Iterator[Machine]:
    """A machine that has written its log and stands still."""
    with Machine(product.boot("")) as machine:
        machine.wait_for(r"^\[box\]")
        machine.stop()
        yield machine


def register(machine: Machine, offset: int) -> int:
    """A register of COM1, read as the processor would."""
    text = machine.qmp.monitor(f"i /b {COM1 + offset:#x}")
    return int(re.search(r"= 0x([0-9a-f]{2})", text)[1], 16)  # type: ignore[index]


def test_line_is_8n1(halted: Machine) -> None:
    """`COM1 ... 8N1`: eight bits, no parity, one stop bit, no break, and the data port is the data's again."""
    assert register(halted, LINE_CONTROL) == EIGHT_BITS_NO_PARITY_ONE_STOP


def test_other_end_is_told_that_somebody_is_here(halted: Machine) -> None:
    """DTR and RTS are on, and the loopback that the probe used is off: else nothing would leave the chip."""
    modem = register(halted, MODEM_CONTROL)
    assert modem & (DTR | RTS) == DTR | RTS and not modem & LOOPBACK


def test_interrupts_and_fifos(halted: Machine) -> None:
    """The log is written by polling: the only interrupt is that of a byte received, which is a key to the
    console; the FIFOs are on."""
    assert register(halted, INTERRUPT_ENABLE) == RECEIVED_DATA
    assert register(halted, INTERRUPT_IDENTITY) & FIFOS_ON == FIFOS_ON


def test_divisor_is_the_speed(halted: Machine) -> None:
    """`115200`: the divisor latch holds the quotient of the UART's clock and the speed."""
    line = register(halted, LINE_CONTROL)
    halted.qmp.monitor(f"o /b {COM1 + LINE_CONTROL:#x} {line | DLAB:#x}")
    divisor = register(halted, DIVISOR_LOW) | register(halted, DIVISOR_HIGH) << 8
    halted.qmp.monitor(f"o /b {COM1 + LINE_CONTROL:#x} {line:#x}")
    assert divisor == BAUD_BASE // BAUD
