"""The PE images as files: what they import, where they lie, and that the build repeats itself."""
import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MINGW = os.environ.get("MINGW", "i686-w64-mingw32-")

# nt-facts, section 1: what the tutorial's program and driver import, and nothing else.
IMPORTS = {
    "VirtToPhys.exe": {
        "ADVAPI32.dll": {"CloseServiceHandle", "ControlService", "CreateServiceA", "DeleteService",
                         "OpenSCManagerA", "StartServiceA"},
        "KERNEL32.dll": {"CloseHandle", "CreateFileA", "DeviceIoControl", "ExitProcess",
                         "GetFullPathNameA", "GetModuleFileNameA", "GetModuleHandleA",
                         "GetNumberFormatA"},
        "USER32.dll": {"MessageBoxA", "wsprintfA"},
    },
    "VirtToPhys.sys": {
        "ntoskrnl.exe": {"IoCreateDevice", "IoCreateSymbolicLink", "IoDeleteDevice",
                         "IoDeleteSymbolicLink", "IofCompleteRequest"},
    },
}
BASES = {"VirtToPhys.exe": 0x400000, "kernel32.dll": 0x77E40000, "user32.dll": 0x77D00000,
         "advapi32.dll": 0x77DA0000, "ntdll.dll": 0x77F40000, "VirtToPhys.sys": 0x10000}


def build(out, *targets):
    done = subprocess.run(["make", "-j2", "-f", "user/user.mk", f"OUT={out}", *(targets or ("images", "fixtures"))],
                          cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("first")
    assert build(folder).stderr == ""  # warnings would stand there
    return folder


def stripped(out):
    return sorted([*(out / "images").iterdir(), *(out / "fixtures").iterdir()])


def objdump(*arguments):
    return subprocess.run([MINGW + "objdump", *arguments], capture_output=True, text=True,
                          check=True).stdout


def imports(image):
    found, dll = {}, None
    for line in objdump("-p", image).splitlines():
        if match := re.match(r"\s+DLL Name: (\S+)", line):
            dll = found.setdefault(match[1], set())
        elif dll is not None and (match := re.match(r"\t[0-9a-f]+\s+\d+\s+(\w+)$", line)):
            dll.add(match[1])
    return found


def exports(image):
    return set(re.findall(r"^\t\[ *\d+\] (\w+)$", objdump("-p", image), re.M))


def sections(image):
    """name, size and address of what is loaded."""
    rows = re.findall(r"^ +\d+ (\S+) +(\w+) +(\w+)", objdump("-h", image), re.M)
    return [row for row in rows if not row[0].startswith(".debug")]


def test_imports_are_the_tutorials(out):
    for name, expected in IMPORTS.items():
        assert imports(out / "images" / name) == expected


def test_dlls_export_what_is_imported_from_them(out):
    for image in (out / "images").glob("*.*"):
        for dll, names in imports(image).items():
            if dll != "ntoskrnl.exe":
                assert names <= exports(out / "images" / dll.lower()), f"{image.name}: {dll}"


def test_bases(out):
    for name, base in BASES.items():
        assert f"ImageBase\t\t{base:08x}" in objdump("-p", out / "images" / name)


def test_stripping_moves_nothing(out):
    for image in stripped(out):
        assert sections(image) == sections(out / "symbols" / image.name) != []


def test_same_bytes_in_another_folder(out, tmp_path):
    build(tmp_path / "elsewhere")
    for image in [*stripped(out), *(out / "symbols").iterdir()]:
        other = tmp_path / "elsewhere" / image.relative_to(out)
        assert image.read_bytes() == other.read_bytes(), image.name


def test_second_build_does_nothing(out):
    assert re.search(r"CC|LD|STRIP|DLLTOOL", build(out).stdout) is None


def test_the_walk_keeps_its_name(out):
    symbols = subprocess.run([MINGW + "nm", out / "symbols" / "VirtToPhys.sys"],
                             capture_output=True, text=True, check=True).stdout
    assert re.search(r" [tT] _GetPhysicalAddress$", symbols, re.M)
