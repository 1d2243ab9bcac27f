# The oracle: TCG plugins that witness what the processor does, and the small kernels and the lying
# driver that the instruments are tested with. Part of the top Makefile; alone:
# make -f tests/oracle/oracle.mk oracle

include tools/build.mk
CROSS  ?= i686-linux-gnu-
MINGW  ?= i686-w64-mingw32-
HOSTCC ?= gcc

ORACLE_DIR   := tests/oracle
ORACLE_DDK   := $(dir $(shell $(MINGW)gcc -print-file-name=libntoskrnl.a 2>/dev/null))../include/ddk
ORACLE_FILES := $(addprefix $(OUT)/oracle/,mmu.so count.so fetch.so counted.elf mapped.elf reset.elf playback.elf \
    constant.sys double.sys)

ORACLE_SO_FLAGS  := -O2 -Wall -Wextra -fvisibility=hidden -shared -fPIC
ORACLE_ELF_FLAGS := -nostdlib -static -no-pie -Wl,-N,-Ttext=0x100000,--build-id=none \
    -Wl,--no-warn-rwx-segments
ORACLE_SYS_FLAGS := -O2 -Wall -Wextra -march=i486 -ffreestanding -fno-asynchronous-unwind-tables \
    -Iinclude -isystem $(ORACLE_DDK) -nostdlib -nostartfiles -s -Wl,--subsystem,native \
    -Wl,--entry,_DriverEntry@8 -Wl,--image-base,0x10000 -Wl,--no-insert-timestamp

$(eval $(call stamp,oracle,$(HOSTCC) $(CROSS)gcc $(MINGW)gcc,$(HOSTCC) $(ORACLE_SO_FLAGS) \
    $(CROSS) $(ORACLE_ELF_FLAGS) $(MINGW) $(ORACLE_SYS_FLAGS)))

.PHONY: oracle
oracle: $(ORACLE_FILES)

$(OUT)/oracle/%.so: $(ORACLE_DIR)/%.c $(ORACLE_DIR)/plugin.h $(OUT)/flags/oracle
	@mkdir -p $(@D)
	@echo "  HOSTCC  $<"
	$(Q)$(HOSTCC) $(ORACLE_SO_FLAGS) -o $@ $<

$(OUT)/oracle/%.elf: $(ORACLE_DIR)/%.S $(OUT)/flags/oracle
	@mkdir -p $(@D)
	@echo "  AS      $<"
	$(Q)$(CROSS)gcc $(ORACLE_ELF_FLAGS) -o $@ $<

$(OUT)/oracle/%.sys: $(ORACLE_DIR)/%.c tests/drivers/stub.h tests/drivers/standin.h include/ioctl/virttophys.h \
    $(OUT)/flags/oracle
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(MINGW)gcc $(ORACLE_SYS_FLAGS) -o $@ $< -lntoskrnl
