"""What the build makes, and where it stands under the output folder."""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Mapping

from .machine import Boot

# The rows of the table, in its order, and the driver: what boots.
PROGRAM_IMAGES = ("VirtToPhys.exe", "kernel32.dll", "user32.dll", "advapi32.dll")
DRIVER = "VirtToPhys.sys"
# What else boots.
SYSTEM_IMAGES = (
    "ntdll.dll", "smss.exe", "services.exe",
    "cmd.exe", "objdir.exe", "objinfo.exe", "handles.exe", "irptrace.exe",
    "pagewalk.exe", "pagewalk.sys",
)
ALL_IMAGES = (*PROGRAM_IMAGES, DRIVER, *SYSTEM_IMAGES)


class Product:
    """The output folder of a build."""

    def __init__(self, out: str | Path = "build"):
        self.out = Path(out).resolve()

    @property
    def kernel(self) -> Path:
        return self.out / "kernel.elf"

    @property
    def iso(self) -> Path:
        return self.out / "virttophys.iso"

    def image(self, name: str) -> Path:
        """An image as it boots, stripped."""
        return self.out / "images" / name

    def symbols(self, name: str) -> Path:
        """The image's twin that carries symbols."""
        return self.out / "symbols" / name

    def fixture(self, name: str) -> Path:
        """A driver that was built for tests."""
        return self.out / "fixtures" / name

    def fixtures(self) -> dict[str, Path]:
        """All of those by name, as `modules` takes them: the self-tests load some."""
        return {path.name: path for path in sorted((self.out / "fixtures").glob("*.sys"))}

    def libraries(self) -> dict[str, Path]:
        """The libraries that were built for tests, by name."""
        return {path.name: path for path in sorted((self.out / "fixtures").glob("*.dll"))}

    def plugin(self, name: str) -> Path:
        """A TCG plugin."""
        return self.out / "oracle" / f"{name}.so"

    def missing(self) -> list[str]:
        """What `boot` needs and is not there, as paths."""
        needed = [self.kernel, *(self.image(name) for name in ALL_IMAGES)]
        return [str(path) for path in needed if not path.is_file()]

    def modules(self, instead: Mapping[str, Path | None] | None = None) -> dict[str, Path]:
        """The boot modules by name; `instead` gives another file for a name, or None to leave it out."""
        modules = {name: self.image(name) for name in ALL_IMAGES}
        for name, path in (instead or {}).items():
            if path is None:
                modules.pop(name, None)
            else:
                modules[name] = path
        return modules

    def boot(
        self, append: str = "", instead: Mapping[str, Path | None] | None = None, **settings: Any
    ) -> Boot:
        """The kernel with its modules, by the multiboot loader in QEMU."""
        boot = Boot(self.kernel, self.modules(instead), append, symbols=self.out)
        return replace(boot, **settings)

    def boot_iso(self, **settings: Any) -> Boot:
        """The ISO, by firmware and GRUB."""
        return replace(Boot(iso=self.iso, symbols=self.out), **settings)
