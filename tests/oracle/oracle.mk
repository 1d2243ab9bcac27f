# The oracle: TCG plugins that witness what the processor does, and the small kernels and the lying
# driver that the instruments themselves are tested with. Used by the Makefile at the root; also
# alone: `make -f tests/oracle/oracle.mk`.
OUT          ?= build
HOSTCC       ?= gcc
ORACLE_CC    ?= $(or $(CROSS),i686-linux-gnu-)gcc
ORACLE_MINGW ?= $(or $(MINGW),i686-w64-mingw32-)gcc
ORACLE_DDK   ?= $(or $(DDK),/usr/i686-w64-mingw32/include/ddk)

ORACLE_DIR   := tests/oracle
ORACLE_FILES := $(addprefix $(OUT)/oracle/,mmu.so count.so counted.elf mapped.elf constant.sys)

.PHONY: oracle
oracle: $(ORACLE_FILES)

$(OUT)/oracle:
	@mkdir -p $@

$(OUT)/oracle/%.so: $(ORACLE_DIR)/%.c $(ORACLE_DIR)/plugin.h | $(OUT)/oracle
	@$(HOSTCC) -O2 -Wall -Wextra -fvisibility=hidden -shared -fPIC -o $@ $<

$(OUT)/oracle/%.elf: $(ORACLE_DIR)/%.S | $(OUT)/oracle
	@$(ORACLE_CC) -nostdlib -static -no-pie -Wl,-N,-Ttext=0x100000,--build-id=none \
	    -Wl,--no-warn-rwx-segments -o $@ $<

$(OUT)/oracle/%.sys: $(ORACLE_DIR)/%.c tests/drivers/stub.h include/ioctl/virttophys.h | $(OUT)/oracle
	@$(ORACLE_MINGW) -O2 -Wall -Wextra -ffreestanding -fno-asynchronous-unwind-tables -Iinclude \
	    -isystem $(ORACLE_DDK) -nostdlib -nostartfiles -s \
	    -Wl,--subsystem,native -Wl,--entry,_DriverEntry@8 -Wl,--image-base,0x10000 \
	    -Wl,--no-insert-timestamp -o $@ $< -lntoskrnl -lhal
