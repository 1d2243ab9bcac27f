"""ntdll.dll: it exports every service of the list under both names, and each stub passes that number on."""
import re
import subprocess

import pytest

from test_images import MINGW, ROOT, build, exports, objdump

SERVICES = [(int(number, 16), name, int(count)) for number, name, count in re.findall(
    r"^SERVICE\((0x[0-9A-F]+), (\w+), (\d+),", (ROOT / "include/nt/services.h").read_text(), re.M)]
# The rest of the exports: the list that ntdll.def holds.
OWN = set(re.findall(r"^    (\w+)", (ROOT / "user/ntdll/ntdll.def").read_text(), re.M))


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ntdll")
    build(folder, folder / "images/ntdll.dll")
    return folder


def zw(name):
    return "Zw" + name.removeprefix("Nt")


def test_the_list_is_read():
    assert len(SERVICES) > 90
    assert (0x10, "NtAllocateVirtualMemory", 6) in SERVICES


def test_exports_are_the_services_and_its_own(out):
    names = {name for _, name, _ in SERVICES}
    assert exports(out / "images/ntdll.dll") == names | {zw(name) for name in names} | OWN


def test_nothing_is_imported(out):
    assert "DLL Name" not in objdump("-p", out / "images/ntdll.dll")


def test_each_stub_has_its_number_and_takes_its_arguments(out):
    text = subprocess.run([MINGW + "objdump", "-d", out / "symbols/ntdll.dll"], capture_output=True,
                          text=True, check=True).stdout
    code = {name: body for name, body in re.findall(r"<_(Nt\w+)(?:@\d+)?>:\n((?:.+\n)+)", text)}
    for number, name, count in SERVICES:
        instructions = [line.split("\t")[2].split() for line in code[name].splitlines()[:4]]
        assert instructions == [["mov", f"$0x{number:x},%eax"], ["mov", "$0x7ffe0300,%edx"],
                                ["call", "*(%edx)"], ["ret", f"$0x{4 * count:x}"]], name
