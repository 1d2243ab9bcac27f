# VirtToPhys: `make help` says what there is.

OUT   ?= build
Q     ?= @
.DEFAULT_GOAL := all

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
    -fno-tree-loop-distribute-patterns -fno-delete-null-pointer-checks -fno-ident \
    -mms-bitfields -freg-struct-return -fshort-wchar -mno-stack-arg-probe -mregparm=0 \
    -Wall -Wextra -Wstrict-prototypes -Wmissing-prototypes -Wshadow -Wundef
KERNEL_CPPFLAGS := -I. -Iinclude -Ikernel -ffile-prefix-map=$(CURDIR)/=
KERNEL_LDFLAGS  := -nostdlib -no-pie -Wl,--build-id=none -Wl,-z,noexecstack -Wl,-z,max-page-size=4096
KERNEL_CFLAGS   := $(filter-out -mno-stack-arg-probe -mregparm=0,$(KERNEL_CFLAGS))
export KERNEL_CC := $(CC)
export KERNEL_CFLAGS

KERNEL_SOURCES := $(sort $(wildcard boot/*.S boot/*.c kernel/*.c kernel/*/*.c kernel/*/*.S mm/*.c \
    drivers/vga/*.c drivers/serial/*.c drivers/keyboard/*.c drivers/bootvol/*.c tests/kernel/*.c))
KERNEL_OBJECTS := $(patsubst %,$(OUT)/kernel/%.o,$(basename $(KERNEL_SOURCES)))

include user/user.mk
-include tests/oracle/oracle.mk
-include tests/unit/unit.mk

.PHONY: all kernel
all: kernel images fixtures
kernel: $(OUT)/kernel.elf

$(OUT)/kernel/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) $(KERNEL_CPPFLAGS) $(KERNEL_CFLAGS) -MMD -MP -c -o $@ $<

$(OUT)/kernel/%.o: %.S Makefile
	@mkdir -p $(@D)
	@echo "  AS      $<"
	$(Q)$(CC) $(KERNEL_CPPFLAGS) $(KERNEL_CFLAGS) -MMD -MP -c -o $@ $<

# Linked twice: the names of the first link's functions go into the second (kernel/kd/symbols.c).
$(OUT)/kernel/symbols-none.S: tools/symbols.awk
	@mkdir -p $(@D)
	$(Q)awk -f $< </dev/null >$@

$(OUT)/kernel/symbols.S: $(OUT)/kernel-first.elf tools/symbols.awk
	$(Q)$(NM) -n $< | LC_ALL=C awk -f tools/symbols.awk >$@

$(OUT)/kernel/symbols%.o: $(OUT)/kernel/symbols%.S
	$(Q)$(CC) -c -o $@ $<
$(OUT)/kernel/symbols.o: $(OUT)/kernel/symbols.S
	$(Q)$(CC) -c -o $@ $<

define link-kernel
	@echo "  LD      $@"
	$(Q)$(CC) $(KERNEL_LDFLAGS) -T linker.ld -o $@ $(filter %.o,$^)
endef

$(OUT)/kernel-first.elf: $(KERNEL_OBJECTS) $(OUT)/kernel/symbols-none.o linker.ld
	$(link-kernel)
$(OUT)/kernel.elf: $(KERNEL_OBJECTS) $(OUT)/kernel/symbols.o linker.ld
	$(link-kernel)

-include $(KERNEL_OBJECTS:.o=.d)
