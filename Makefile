# VirtToPhys: `make help` says what there is.
#
#   OUT=folder   where everything is built (build)
#   CROSS=i686-elf-   the kernel's toolchain; found by itself among i686-elf- and i686-linux-gnu-
#   ARGS="seed=7"     words for the kernel's command line with `make run`

.DEFAULT_GOAL := all
include tools/build.mk

# --- the machine to build on -----------------------------------------------------------------

PACKAGES := gcc libc6-dev make git gcc-i686-linux-gnu binutils-i686-linux-gnu gcc-mingw-w64-i686-win32 \
    binutils-mingw-w64-i686 mingw-w64-i686-dev qemu-system-x86 qemu-system-gui grub-common grub-pc-bin \
    xorriso mtools gdb clang clang-format cppcheck libclang-rt-14-dev libcmocka-dev python3 \
    python3-pytest python3-pexpect bochs bochs-term bochsbios vgabios

.PHONY: deps
deps: ## install the Debian packages that are missing
	$(Q)tools/deps $(PACKAGES)

# `make deps run`: the rest is made by a second make, which looks for tools when they are installed.
REST := $(filter-out deps,$(MAKECMDGOALS))
ifneq ($(and $(filter deps,$(MAKECMDGOALS)),$(REST)),)
.PHONY: $(REST)
$(REST): deps
	+$(Q)$(MAKE) --no-print-directory $@
else

# --- the i686 cross toolchain ----------------------------------------------------------------

ifndef CROSS
CROSS := $(firstword $(foreach prefix,i686-elf- i686-linux-gnu-,\
             $(if $(shell command -v $(prefix)gcc),$(prefix))) i686-linux-gnu-)
endif
CC      := $(CROSS)gcc
OBJCOPY := $(CROSS)objcopy
NM      := $(CROSS)nm

KERNEL_CFLAGS := -std=gnu11 -Os -g -march=i486 -mtune=generic -mno-sse -mno-mmx -msoft-float \
    -ffreestanding -fno-pic -fno-pie -fno-stack-protector -fcf-protection=none -fno-common \
    -fno-asynchronous-unwind-tables -fno-omit-frame-pointer -fno-strict-aliasing \
    -fno-tree-loop-distribute-patterns -fno-ident -ffunction-sections \
    -mms-bitfields -freg-struct-return -fshort-wchar -mpreferred-stack-boundary=2

# An I/O request runs through these rooms: fewer instructions before size; but not through ranges and pool, types
# and lists, nor through what loads drivers.
KERNEL_FAST := -O2 -fno-align-functions -fno-align-jumps -fno-align-labels -fno-align-loops
$(OUT)/kernel/kernel/io/%.o $(OUT)/kernel/kernel/ob/%.o $(OUT)/kernel/mm/%.o: KERNEL_CFLAGS += $(KERNEL_FAST)
SMALL := $(addprefix mm/,vad vad_protect virtual backing commit pool system_pte scan) \
    $(addprefix kernel/ob/,init insert list query service symlink type) \
    $(addprefix kernel/io/,driver share symlink trace types)
$(SMALL:%=$(OUT)/kernel/%.o): KERNEL_CFLAGS += -Os
KERNEL_WARNINGS := -Wall -Wextra -Wstrict-prototypes -Wmissing-prototypes -Wshadow -Wundef $(WERROR)
KERNEL_CPPFLAGS := -I. -Iinclude -Ikernel -ffile-prefix-map=$(CURDIR)/=
KERNEL_LDFLAGS  := -nostdlib -no-pie -Wl,--build-id=none -Wl,-z,noexecstack \
    -Wl,-z,max-page-size=4096 -Wl,--gc-sections
export KERNEL_CC := $(CC)
export KERNEL_CFLAGS

KERNEL_SOURCES := $(sort $(wildcard boot/*.S boot/*.c kernel/*.c kernel/*/*.c kernel/*/*.S mm/*.c mm/*.S \
    drivers/vga/*.c drivers/serial/*.c drivers/keyboard/*.c drivers/console/*.c drivers/bootvol/*.c tests/kernel/*.c))
KERNEL_OBJECTS := $(patsubst %,$(OUT)/kernel/%.o,$(basename $(KERNEL_SOURCES)))

include user/user.mk
include tools/vtop/vtop.mk
-include tests/oracle/oracle.mk
-include tests/unit/unit.mk

.PHONY: all kernel iso
all: kernel images ## build the kernel and the images it boots with
kernel: $(OUT)/kernel.elf
iso: $(OUT)/virttophys.iso ## build the CD image that boots by GRUB

# --- the kernel ------------------------------------------------------------------------------

$(eval $(call stamp,kernel,--i686 $(CC) $(NM) $(OBJCOPY),$(CC) $(KERNEL_CPPFLAGS) $(KERNEL_CFLAGS) \
    $(KERNEL_FAST) $(SMALL) $(KERNEL_WARNINGS) $(KERNEL_LDFLAGS)))

$(OUT)/kernel/%.o: %.c $(OUT)/flags/kernel
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) $(KERNEL_CPPFLAGS) $(KERNEL_CFLAGS) $(KERNEL_WARNINGS) -MMD -MP -c -o $@ $<

$(OUT)/kernel/%.o: %.S $(OUT)/flags/kernel
	@mkdir -p $(@D)
	@echo "  AS      $<"
	$(Q)$(CC) $(KERNEL_CPPFLAGS) $(KERNEL_CFLAGS) $(KERNEL_WARNINGS) -MMD -MP -c -o $@ $<

# Linked twice: the names of the first link's functions go into the second (kernel/kd/symbols.c).
$(OUT)/kernel/symbols-none.S: tools/symbols.awk
	@mkdir -p $(@D)
	$(Q)awk -f $< </dev/null >$@

$(OUT)/kernel/symbols.S: $(OUT)/kernel/first.elf tools/symbols.awk
	$(Q)$(NM) -n $< | LC_ALL=C awk -f tools/symbols.awk >$@

$(OUT)/kernel/symbols.o $(OUT)/kernel/symbols-none.o: %.o: %.S $(OUT)/flags/kernel
	$(Q)$(CC) -c -o $@ $<

define link-kernel
	@echo "  LD      $@"
	$(Q)$(CC) $(KERNEL_LDFLAGS) -T linker.ld -o $@ $(filter %.o,$^)
endef

$(OUT)/kernel/first.elf: $(KERNEL_OBJECTS) $(OUT)/kernel/symbols-none.o linker.ld
	$(link-kernel)
$(OUT)/kernel.elf: $(KERNEL_OBJECTS) $(OUT)/kernel/symbols.o linker.ld
	$(link-kernel)

-include $(KERNEL_OBJECTS:.o=.d)

# --- the CD image ----------------------------------------------------------------------------

ISO_DATE := 2026010100000000 # a fixed date: the same files give the same bytes

$(OUT)/virttophys.iso: $(OUT)/kernel.elf $(IMAGES) boot/grub.cfg
	@tools/need grub-mkrescue xorriso mformat
	@echo "  ISO     $@"
	$(Q)rm -rf $(OUT)/iso && mkdir -p $(OUT)/iso/boot/grub
	$(Q)cp $(OUT)/kernel.elf $(IMAGES) $(OUT)/iso/boot
	$(Q)$(OBJCOPY) --strip-debug $(OUT)/iso/boot/kernel.elf
	$(Q)cp boot/grub.cfg $(OUT)/iso/boot/grub
	$(Q)find $(OUT)/iso -exec touch -d @0 {} +
	$(Q)SOURCE_DATE_EPOCH=0 grub-mkrescue --compress=xz --fonts= --locales= --themes= \
	    --install-modules="multiboot normal iso9660 part_msdos part_gpt fat all_video configfile \
	    search test echo gfxterm serial" -o $@ $(OUT)/iso -- -volume_date uuid $(ISO_DATE) \
	    -volume_date all_file_dates $(ISO_DATE) >$(OUT)/iso.log 2>&1 || { cat $(OUT)/iso.log; exit 1; }

# --- running ---------------------------------------------------------------------------------

.PHONY: run debug docs screenshot bench bench-linux compare
run debug: export ARGS := $(ARGS) # tools/run reads it from there: no shell takes it for its own words

run: all ## boot to the table: a window, the terminal, or the log (ARGS="place=fig4-10")
	$(Q)tools/run --out $(OUT)

debug: all ## the same, waiting for gdb; it says what to start in another terminal
	@tools/need gdb
	$(Q)tools/run --out $(OUT) --debug

docs: all fixtures oracle $(OUT)/vtop ## draw the blocks in docs/ and README.md from the running machine
	$(Q)tools/docs --out $(OUT)

screenshot: all ## take docs/screenshot.png from the running machine
	$(Q)tools/screenshot --out $(OUT) docs/screenshot.png

bench: all fixtures oracle $(OUT)/vtop ## count instructions: the walk, calls of ring 3, the boot; and the kernel's size
	$(Q)$(PYTHON) tests/bench/bench.py --out $(OUT)

bench-linux: all fixtures oracle ## the null call beside that of Linux, of which apt fetches Debian's i386 kernel
	$(Q)$(PYTHON) tests/bench/linux.py --out $(OUT)

compare: all $(OUT)/vtop ## one address space by vtop, QEMU's info mem and gva2gpa, the tests' walker and the kernel
	$(Q)$(PYTHON) tests/bench/compare.py --out $(OUT)

# --- checking --------------------------------------------------------------------------------

# Debian's own: the one that python3-pytest belongs to.
PYTHON ?= /usr/bin/python3

.PHONY: test format format-check lint
test: all fixtures oracle iso lint unit-build $(OUT)/vtop $(OUT)/vtop-checked ## every test: host units, self-tests in the kernel, the system
	@$(PYTHON) -c 'import pytest' 2>/dev/null || { \
	    echo "pytest is not installed; it is in Debian's package python3-pytest, and \`make deps\` installs all." >&2; exit 1; }
	$(Q)$(PYTHON) -m pytest tests --out $(OUT)

C_FILES = $(shell git ls-files '*.c' '*.h' | grep -v '^tests/abi/list\.h$$')

format: ## bring the sources into shape
	@tools/need clang-format
	$(Q)clang-format -i $(C_FILES)
format-check: ## are the sources in shape?
	@tools/need clang-format
	$(Q)clang-format --dry-run --Werror $(C_FILES) && echo "format: all in shape"

CLANG_FLAGS = $(filter-out -fno-ident -freg-struct-return -fcf-protection=none \
    -fno-tree-loop-distribute-patterns -mpreferred-stack-boundary=2,$(KERNEL_CFLAGS))

lint: format-check ## clang's warnings and cppcheck over the kernel, and gcc's as errors
	@tools/need clang cppcheck
	$(Q)for f in $(filter %.c,$(KERNEL_SOURCES)); do \
	    clang --target=i686-linux-gnu $(CLANG_FLAGS) -Wall -Wextra -Werror $(KERNEL_CPPFLAGS) \
	        -fsyntax-only $$f || exit 1; done
	$(Q)for f in $(VTOP_SOURCES); do clang $(VTOP_CFLAGS) -Werror -fsyntax-only $$f || exit 1; done \
	    && echo "clang: no warnings"
	$(Q)cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,portability \
	    --inline-suppr --suppress=missingIncludeSystem -I. -Iinclude $(VTOP_SOURCES)
	$(Q)cppcheck --quiet --error-exitcode=1 --std=c11 --platform=unix32 --enable=warning,portability \
	    --inline-suppr --suppress=missingIncludeSystem -I. -Iinclude -Ikernel \
	    -D__i386__ boot kernel mm drivers/vga drivers/serial drivers/keyboard drivers/console drivers/bootvol \
	    && echo "cppcheck: no findings"

.PHONY: help clean
help: ## this list
	@echo "make targets (the two to know: make deps run, make deps test):"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(filter Makefile %.mk,$(MAKEFILE_LIST)) \
	    | expand -t 16

clean: ## remove what was built
	rm -rf $(OUT)

endif
