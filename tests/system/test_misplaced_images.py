"""Sound images under the wrong names: each is refused in words, none runs as what it is not."""
from __future__ import annotations

import pytest

from vmachine import Machine, Product

MISPLACED = [
    # the name, the image that lies there, a record of the log, what the user sees at the end
    ("VirtToPhys.sys", "kernel32.dll", {"status": "C000007B", "what": "not a driver"}, "Can't start driver."),
    ("VirtToPhys.sys", "VirtToPhys.exe", {"status": "C000007B", "what": "not a driver"}, "Can't start driver."),
    # ERROR_CHILD_NOT_COMPLETE and ERROR_BAD_EXE_FORMAT, as CreateProcess has it
    ("VirtToPhys.exe", "VirtToPhys.sys", {"program": "VirtToPhys.exe", "error": "129"}, "cannot be started: error 129"),
    ("VirtToPhys.exe", "user32.dll", {"program": "VirtToPhys.exe", "error": "193"}, "cannot be started: error 193"),
    # A library that is none exports nothing.
    ("user32.dll", "VirtToPhys.exe", {"status": "C0000139", "library": "USER32.dll"}, "USER32.dll MessageBoxA"),
    ("user32.dll", "VirtToPhys.sys", {"status": "C0000139", "library": "USER32.dll"}, "USER32.dll MessageBoxA"),
]


@pytest.mark.parametrize("name, image, fields, shown", MISPLACED)
def test_an_image_in_the_wrong_place_is_refused(
    product: Product, name: str, image: str, fields: dict[str, str], shown: str
) -> None:
    """Loading fails with the right status, never a crash."""
    with Machine(product.boot(instead={name: product.image(image)})) as machine:
        tag = "smss" if "program" in fields else "image"
        record = machine.wait_for_record(tag, **fields)
        assert tag == "smss" or record["name"] == ("VirtToPhys.exe" if name == "user32.dll" else name)
        machine.wait_for(r"\[box\] line=|event=create .*cmd\.exe|cannot be started")
        assert shown in machine.screen().text
