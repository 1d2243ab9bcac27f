# The oracle: TCG plugins that witness what the processor does, and the small kernels and the lying
# driver that the instruments are tested with. Part of the top Makefile; alone:
# make -f tests/oracle/oracle.mk oracle

OUT    ?= build
CROSS  ?= i686-linux-gnu-
MINGW  ?= i686-w64-mingw32-
HOSTCC ?= gcc
Q      ?= @

ORACLE_MK    := $(lastword $(MAKEFILE_LIST))
ORACLE_DIR   := tests/oracle
ORACLE_DDK   := $(dir $(shell $(MINGW)gcc -print-file-name=libntoskrnl.a))../include/ddk
ORACLE_FILES := $(addprefix $(OUT)/oracle/,mmu.so count.so counted.elf mapped.elf reset.elf playback.elf constant.sys)

.PHONY: oracle
oracle: $(ORACLE_FILES)

$(OUT)/oracle/%.so: $(ORACLE_DIR)/%.c $(ORACLE_DIR)/plugin.h $(ORACLE_MK)
	@mkdir -p $(@D)
	@echo "  HOSTCC  $<"
	$(Q)$(HOSTCC) -O2 -Wall -Wextra -fvisibility=hidden -shared -fPIC -o $@ $<

$(OUT)/oracle/%.elf: $(ORACLE_DIR)/%.S $(ORACLE_MK)
	@mkdir -p $(@D)
	@echo "  AS      $<"
	$(Q)$(CROSS)gcc -nostdlib -static -no-pie -Wl,-N,-Ttext=0x100000,--build-id=none \
	    -Wl,--no-warn-rwx-segments -o $@ $<

$(OUT)/oracle/%.sys: $(ORACLE_DIR)/%.c tests/drivers/stub.h include/ioctl/virttophys.h $(ORACLE_MK)
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(MINGW)gcc -O2 -Wall -Wextra -march=i486 -ffreestanding -fno-asynchronous-unwind-tables \
	    -Iinclude -isystem $(ORACLE_DDK) -nostdlib -nostartfiles -s -Wl,--subsystem,native \
	    -Wl,--entry,_DriverEntry@8 -Wl,--image-base,0x10000 -Wl,--no-insert-timestamp \
	    -o $@ $< -lntoskrnl
