"""vtop on memory that another kernel laid out: Debian's Linux for i386, with 32-bit tables and with PAE and NX."""
from __future__ import annotations

import json
import random
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import pytest

from harness.debian_linux import Unavailable, build, kernel, machine_words
from harness.walker import Walker
from harness.walker_pae import Setting, Walk, setting_of
from vmachine import Boot, Machine, Product

INIT = Path(__file__).with_name("linux_stays.S")
ASLEEP = r"\[linux\] asleep"
MEMORY = 128  # MiB
SECONDS = 300  # a limit for a boot that hangs
SAMPLES = 300
PACKAGES = {"linux-image-686": "pse", "linux-image-686-pae": "nx"}


@dataclass(frozen=True)
class Linux:
    """A Linux that sleeps, halted, and its memory on disk in two forms."""

    machine: Machine
    setting: Setting
    cr4: int
    core: Path
    raw: Path

    def words(self, source: str) -> list[object]:
        """vtop's words. A core says itself where its tables are."""
        if source == "core":
            return [self.core]
        return ["--cr3", f"{self.setting.cr3:X}", "--cr4", f"{self.cr4:X}", "--format", self.setting.format, self.raw]


@pytest.fixture(scope="module", params=PACKAGES)
def linux(request: pytest.FixtureRequest, product: Product, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Linux]:
    package, folder = request.param, tmp_path_factory.mktemp("linux")
    try:
        image, (_, archive) = kernel(product.out, package), build(product.out, INIT)
    except Unavailable as missing:
        pytest.skip(f"Debian's package {package} cannot be had here: {missing}")
    extra = machine_words(image, archive, "nokaslr")
    with Machine(Boot(memory=MEMORY, cpu="max", extra=extra)) as machine:
        machine.wait_for(ASLEEP, SECONDS)
        machine.stop()
        core, raw = folder / "core", folder / "raw"
        machine.qmp.execute("dump-guest-memory", paging=False, protocol=f"file:{core}")
        machine.qmp.execute("pmemsave", val=0, size=MEMORY << 20, filename=str(raw))
        setting = setting_of(machine)
        assert setting.format == PACKAGES[package]
        yield Linux(machine, setting, machine.registers()["CR4"], core, raw)


def run(product: Product, *words: object, text: str | None = None) -> str:
    vtop = product.out / "vtop"
    if not vtop.exists():
        pytest.fail(f"{vtop} is not built; `make vtop` first", pytrace=False)
    done = subprocess.run([vtop, *map(str, words)], input=text, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def ranges(product: Product, linux: Linux, source: str) -> list[dict]:
    return json.loads(run(product, "--all", "--json", *linux.words(source)))


def letters(words: list[str]) -> str:
    """What three verdicts allow, as vtop writes it."""
    return "".join(kind if word == "-" else "-" for kind, word in zip("rwx", words))


@pytest.mark.parametrize("source", ("core", "raw"))
def test_all_of_linux(product: Product, linux: Linux, source: str) -> None:
    """Each page of --all, with its frame and the rights of both askers, is the second walker's; and no page is missing."""
    said = [(address, it["page"], it["physical"] + address - it["first"], it["cpl0"], it["cpl3"])
            for it in ranges(product, linux, source) for address in range(it["first"], it["last"] + 1, it["page"])]
    expected = []
    for line in Walk(linux.raw.read_bytes(), linux.setting).pages():
        address, stop, size, physical, _, *words = line.split()
        assert stop == "M", line
        expected.append((int(address, 16), int(size, 16), int(physical, 16), letters(words[:3]), letters(words[3:6])))
    assert said == expected
    assert len({it[1] for it in said}) == 2  # small pages and large ones
    rights = {it[3:] for it in said}
    assert ("---", "r-x") in rights  # the init's text: SMEP and SMAP keep the kernel off it
    assert ("r-x", "---") in rights  # the kernel's own
    assert (("rw-", "---") in rights) == (linux.setting.format == "nx")


@pytest.mark.parametrize("linux", ["linux-image-686"], indirect=True)
def test_all_of_a_linux_without_pae(product: Product, linux: Linux) -> None:
    """The walker of the 32-bit tables, page by page, says the same of frames and rights, and which are global."""
    memory = linux.raw.read_bytes()
    pages = Walker(lambda at, size: memory[at : at + size], linux.setting.cr3).pages()
    said = [(address, it["page"], it["physical"] + address - it["first"], it["user"], it["write"], it["global"])
            for it in ranges(product, linux, "core") for address in range(it["first"], it["last"] + 1, it["page"])]
    assert said == [(it.virtual, it.size, it.physical, it.user, it.writable, it.is_global) for it in pages]


def test_addresses_of_linux(product: Product, linux: Linux) -> None:
    """At the ends of the ranges and at random: each level's entry and verdict is the second walker's, and the physical
    address is that of QEMU's gva2gpa."""
    chance = random.Random(1)
    ends = {it[key] for it in ranges(product, linux, "core") for key in ("first", "last")}
    addresses = sorted(ends | {chance.getrandbits(32) for _ in range(SAMPLES)})
    batch = run(product, "--batch", "-", *linux.words("core"), text="".join(f"{it:X}\n" for it in addresses))
    walk = Walk(linux.raw.read_bytes(), linux.setting)
    assert batch.splitlines() == [walk.line(it) for it in addresses]
    for address, line in zip(addresses, batch.splitlines()):
        _, stop, _, physical, *_ = line.split()
        assert linux.machine.gva2gpa(address) == (int(physical, 16) if stop == "M" else None), f"{address:08X}"
