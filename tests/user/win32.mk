# The Win32 programs that tests run. Part of user/user.mk.

PE_CONSOLE_LDFLAGS = -Wl,--subsystem,console -Wl,--entry,_start@0 -Wl,--image-base,$(1)

$(OUT)/pe/user/conform/%.o: PE_ROOM_CFLAGS = # stock headers only

$(OUT)/symbols/conform.exe: $(call pe_objects,user/conform/*.c)
$(OUT)/symbols/conform.exe: PE_LINK = $(call PE_CONSOLE_LDFLAGS,0x400000)
$(OUT)/symbols/conform.exe: PE_LIBS = -ladvapi32 -luser32 -lkernel32 -lntdll

$(OUT)/symbols/sctest.exe: $(call pe_objects,tests/user/sctest/*.c kernel/rtl/string.c)
$(OUT)/symbols/sctest.exe: PE_LINK = $(call PE_CONSOLE_LDFLAGS,0x400000)
$(OUT)/symbols/sctest.exe: PE_LIBS = -ladvapi32 -lkernel32 -lntdll

$(OUT)/symbols/k32.exe: $(call pe_objects,tests/user/kernel32/*.c kernel/rtl/string.c)
$(OUT)/symbols/k32.exe: PE_LINK = $(call PE_CONSOLE_LDFLAGS,0x400000)
$(OUT)/symbols/k32.exe: PE_LIBS = -lkernel32 -lntdll

# At a place of its own: its addresses are no other program's.
$(OUT)/symbols/bench.exe: $(call pe_objects,tests/user/bench/*.c user/common/say.c user/common/words.c)
$(OUT)/symbols/bench.exe: PE_LINK = $(call PE_CONSOLE_LDFLAGS,0x1000000)
$(OUT)/symbols/bench.exe: PE_LIBS = -ladvapi32 -luser32 -lkernel32 -lntdll

$(OUT)/symbols/hostile.exe: $(call pe_objects,user/hostile/*.c user/hostile/*.S)
$(OUT)/symbols/hostile.exe: PE_LINK = $(call PE_CONSOLE_LDFLAGS,0x400000)
$(OUT)/symbols/hostile.exe: PE_LIBS = -lkernel32 $(OUT)/pe/tests/user/libcrt.a -lntdll
$(OUT)/symbols/hostile.exe: | $(OUT)/pe/tests/user/libcrt.a

# --- conform.exe under Wine ------------------------------------------------------------------

# Where Wine has no 32-bit half the same source is built for 64 bits.
MINGW64 ?= x86_64-w64-mingw32-
CONFORM64_FLAGS := -std=gnu11 -O2 -Wall -Wextra -ffreestanding -fno-asynchronous-unwind-tables \
    -nostdlib -nostartfiles -Wl,--subsystem,console -Wl,--entry,start

$(OUT)/wine/conform64.exe: $(wildcard user/conform/*.[ch])
	@tools/need $(MINGW64)gcc
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(MINGW64)gcc $(CONFORM64_FLAGS) -o $@ $(filter %.c,$^) -ladvapi32 -luser32 -lkernel32 -lntdll

.PHONY: conform-wine
conform-wine: $(OUT)/fixtures/conform.exe ## the conformance program under Wine, against its known differences
	$(Q)if tools/conform-wine --bits | grep -q 64; then $(MAKE) --no-print-directory $(OUT)/wine/conform64.exe; fi
	$(Q)tools/conform-wine --out $(OUT)
