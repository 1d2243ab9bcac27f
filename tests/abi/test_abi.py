"""The kernel's NT headers (include/nt) against the stock headers that drivers are built with.

list.h is compiled by both compilers into tables of offsets, sizes and values, and the tables are
compared. Nothing is run. Set KERNEL_CC and KERNEL_CFLAGS to what the kernel's build uses."""
import os
import re
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
INCLUDE = HERE.parents[1] / "include"
# Records of ntdll's queries: the stock headers have them by halves or with other members' names;
# kernel/ps/system.c asserts their sizes.
OURS = {"system.h"}
HEADERS = sorted(h for h in (INCLUDE / "nt").glob("*.h") if h.name not in OURS)

MINGW = os.environ.get("MINGW", "i686-w64-mingw32-")
KERNEL_CC = os.environ.get("KERNEL_CC", "i686-linux-gnu-gcc")
KERNEL_CFLAGS = os.environ.get(
    "KERNEL_CFLAGS",
    "-std=gnu11 -march=i486 -ffreestanding -mms-bitfields -freg-struct-return -fshort-wchar").split()
RECORD = struct.Struct("<88sII")

# What the stock headers do not show, or what is no number.
NOT_LISTED = {
    "NTAPI", "FASTCALL", "VOID",  # calling conventions and a type
    "DOE_UNLOAD_PENDING", "DOE_DELETE_PENDING",  # behind the WDK's DEVOBJ_EXTENSION
    # documented for ntdll (NtQueryDirectoryObject), but in no stock header
    "OBJECT_DIRECTORY_INFORMATION", "OBJECT_DIRECTORY_INFORMATION.Name", "OBJECT_DIRECTORY_INFORMATION.TypeName",
    "NT_SHARED_DATA", "NT_PEB", "NT_FIRST_TEB", "NT_SYSCALL_SLOT", "NT_SYSCALL_RETURN",  # places, ours to choose
    "SERVICE_LIMIT",  # of the kernel's own table
    "PUBLIC_OBJECT_TYPE_INFORMATION.TotalNumberOfObjects", "PUBLIC_OBJECT_TYPE_INFORMATION.TotalNumberOfHandles",
    "DEVOBJ_EXTENSION", "DEVOBJ_EXTENSION.ExtensionFlags", "DEVOBJ_EXTENSION.AttachedTo",
    # memory and sections: documented for ntdll or winnt.h, in no header of the DDK
    "MEMORY_BASIC_INFORMATION", *(f"MEMORY_BASIC_INFORMATION.{member}" for member in (
        "BaseAddress", "AllocationBase", "AllocationProtect", "RegionSize", "State", "Protect", "Type")),
    "SECTION_BASIC_INFORMATION", *(f"SECTION_BASIC_INFORMATION.{member}" for member in (
        "BaseAddress", "AllocationAttributes", "MaximumSize")),
    "SECTION_IMAGE_INFORMATION", *(f"SECTION_IMAGE_INFORMATION.{member}" for member in (
        "TransferAddress", "ZeroBits", "MaximumStackSize", "CommittedStackSize", "SubSystemType",
        "SubSystemMinorVersion", "SubSystemMajorVersion", "GpValue", "ImageCharacteristics", "DllCharacteristics",
        "Machine", "ImageContainsCode", "Spare1", "LoaderFlags", "Reserved")),
    "MemoryBasicInformation", "MemorySectionName", "SectionBasicInformation", "SectionImageInformation",
    # LPC's messages, too
    "PORT_MESSAGE", *(f"PORT_MESSAGE.{member}" for member in (
        "DataLength", "TotalLength", "Type", "DataInfoOffset", "ClientId", "ClientId.process", "ClientId.thread",
        "MessageId", "ClientViewSize")),
    "LPC_REQUEST", "LPC_REPLY", "LPC_PORT_CLOSED", "LPC_CLIENT_DIED", "LPC_CONNECTION_REQUEST",
    "PORT_CONNECT", "PORT_ALL_ACCESS",
}


def run(*command, **options):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}"
    return done.stdout


def ddk_include():
    library = Path(run(MINGW + "gcc", "-print-file-name=libntoskrnl.a").strip())
    return library.parent.parent / "include" / "ddk"


def table(objcopy, compiler, flags, folder):
    """name -> (value, size), from list.h compiled with these flags."""
    out, raw = folder / "table.o", folder / "table.bin"
    run(compiler, *flags, "-c", HERE / "table.c", "-o", out)
    run(objcopy, "-O", "binary", "-j", "abi", out, raw)
    data = raw.read_bytes()
    records = RECORD.iter_unpack(data[:len(data) // RECORD.size * RECORD.size])
    return {n.rstrip(b"\0").decode(): (value, size) for n, value, size in records if n[0]}


def kernel_table(folder, include=INCLUDE, flags=None):
    flags = KERNEL_CFLAGS if flags is None else flags
    return table("objcopy", KERNEL_CC, [*flags, "-I", include], folder)


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stock")
    both = {}
    for define in ("-DABI_DDK", "-DABI_WIN32"):
        both |= table(MINGW + "objcopy", MINGW + "gcc",
                      ["-std=gnu11", "-ffreestanding", "-isystem", ddk_include(), define], folder)
    return both


def differences(ours, stocks):
    return [f"{name}: ours {ours.get(name)}, stock {stocks.get(name)}"
            for name in sorted(ours.keys() | stocks.keys()) if ours.get(name) != stocks.get(name)]


def test_layouts_and_values_agree(stock, tmp_path):
    ours = kernel_table(tmp_path)
    assert len(ours) > 400
    assert differences(ours, stock) == []


def listed():
    """What list.h has: T, T.member and constants."""
    text = (HERE / "list.h").read_text()
    for macro, arguments in re.findall(r"^(\w+)\(([^)]*)\)$", text, re.M):
        words = arguments.split(", ")
        yield ".".join(words[:2]) if macro.startswith(("FIELD", "OFFSET")) else words[0]


def without_comments(header):
    return re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.S)


def constants(text):
    """Object-like macros with a value, and enumerators."""
    yield from re.findall(r"^#define (\w+)[ \t]+\S", text, re.M)
    for body in re.findall(r"\benum\s*\w*\s*\{([^}]*)\}", text):
        yield from re.findall(r"(?:^|,)\s*(\w+)", body)


def tags(text):
    return re.findall(r"\b(struct|union)\s+(_\w+)\s*\{", text)


def members(folder):
    """T.member for every structure of the headers, as the compiler's debug information knows it."""
    source, out = folder / "all.c", folder / "all.o"
    source.write_text("".join(f'#include "nt/{h.name}"\n' for h in HEADERS))
    run(KERNEL_CC, *KERNEL_CFLAGS, "-I", INCLUDE, "-g", "-fno-eliminate-unused-debug-types", "-c",
        source, "-o", out)
    names = " ".join(f"{kind}/{tag}" for h in HEADERS for kind, tag in tags(without_comments(h)))
    text = run("gdb", "-batch", "-nx", "-x", HERE / "members.py", out,
               env={**os.environ, "TAGS": names})
    return [".".join(line.split()[1:]) for line in text.splitlines() if line.startswith("MEMBER ")]


def test_no_member_is_forgotten(tmp_path):
    found = members(tmp_path)
    assert len(found) > 250 and "IRP.Tail.Overlay.CurrentStackLocation" in found
    assert sorted(set(found) - set(listed()) - NOT_LISTED) == []


def test_no_structure_or_constant_is_forgotten():
    found = set()
    for header in HEADERS:
        text = without_comments(header)
        found |= set(constants(text)) | {tag[1:] for _, tag in tags(text)}
    assert {"STATUS_SUCCESS", "IRP_MJ_CREATE", "UserMode", "IRP"} <= found
    assert sorted(found - set(listed()) - NOT_LISTED) == []


# The comparison itself: a header that is wrong must be seen.

def changed_include(folder, name, old, new):
    include = folder / "include"
    shutil.copytree(INCLUDE, include)
    header = include / "nt" / name
    text = header.read_text()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
    header.write_text(text.replace(old, new))
    return include


@pytest.mark.parametrize("name, old, new, seen", [
    ("io.h", "    PDEVICE_OBJECT NextDevice;\n    PDEVICE_OBJECT AttachedDevice;\n",
     "    PDEVICE_OBJECT AttachedDevice;\n    PDEVICE_OBJECT NextDevice;\n", "DEVICE_OBJECT.NextDevice"),
    ("io.h", "    CHAR StackCount;\n", "    USHORT StackCount;\n", "IRP.StackCount"),
    ("ntstatus.h", "0xC0000182u", "0xC0000183u", "STATUS_DEVICE_CONFIGURATION_ERROR"),
])
def test_a_changed_header_is_seen(stock, tmp_path, name, old, new, seen):
    include = changed_include(tmp_path, name, old, new)
    found = differences(kernel_table(tmp_path, include), stock)
    assert any(line.startswith(seen + ":") for line in found), found


def test_missing_alignment_flag_is_seen(stock, tmp_path):
    flags = [f for f in KERNEL_CFLAGS if f != "-mms-bitfields"]
    assert len(flags) == len(KERNEL_CFLAGS) - 1
    found = differences(kernel_table(tmp_path, flags=flags), stock)
    assert any(line.startswith("FILE_OBJECT") for line in found), found
