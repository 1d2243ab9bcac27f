"""Sound images under the wrong names: each is refused in words, none runs as what it is not."""
from __future__ import annotations

import pytest

from vmachine import Machine, Product

INVALID_IMAGE_FORMAT = "C000007B"

MISPLACED = [
    # the name, the image that lies there, what is said of it, what the user sees at the end
    ("VirtToPhys.sys", "kernel32.dll", "not a driver", "Can't start driver."),
    ("VirtToPhys.sys", "VirtToPhys.exe", "not a driver", "Can't start driver."),
    ("VirtToPhys.exe", "VirtToPhys.sys", "a driver, no program", "cannot be started"),
    ("VirtToPhys.exe", "user32.dll", "a library, no program", "cannot be started"),
    ("user32.dll", "VirtToPhys.exe", "a program, no library", "cannot be started"),
    ("user32.dll", "VirtToPhys.sys", "a driver, no program", "cannot be started"),
]


@pytest.mark.parametrize("name, image, words, shown", MISPLACED)
def test_an_image_in_the_wrong_place_is_refused(
    product: Product, name: str, image: str, words: str, shown: str
) -> None:
    """Loading fails with the right NTSTATUS, never a crash."""
    with Machine(product.boot(instead={name: product.image(image)})) as machine:
        record = machine.wait_for_record("image", status=INVALID_IMAGE_FORMAT)
        assert record["name"].lower() == name.lower()
        assert record["what"] == words
        machine.wait_for(r"\[box\] title=|Esc: end")
        assert shown in machine.screen().text
