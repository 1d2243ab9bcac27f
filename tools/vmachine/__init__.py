"""A QEMU machine for the tools and the tests: start it, watch its log, press keys, look inside.

    with Machine(Product("build").boot("seed=7 exit")) as machine:
        machine.wait_for(r"\\[box\\] title=")
        print(machine.screen().text)
"""
from .log import Record, parse, records
from .machine import Boot, Machine, MachineError
from .product import ALL_IMAGES, DRIVER, PROGRAM_IMAGES, Product
from .table import SHOWN, TITLE, Row, table

__all__ = [
    "Boot",
    "ALL_IMAGES",
    "DRIVER",
    "Machine",
    "MachineError",
    "PROGRAM_IMAGES",
    "Product",
    "Record",
    "Row",
    "SHOWN",
    "TITLE",
    "parse",
    "records",
    "table",
]
