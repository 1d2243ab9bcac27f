# The PE images: the control program, its DLLs, the driver, and the drivers that tests load.
# Part of the top Makefile; alone: make -f user/user.mk images fixtures
#
# Each is linked with its symbols to $(OUT)/symbols, then stripped to where it boots from. Stripping
# moves no section, so an address means the same in both.

include tools/build.mk
MINGW ?= i686-w64-mingw32-

IMAGES   := $(addprefix $(OUT)/images/,VirtToPhys.exe ntdll.dll kernel32.dll user32.dll advapi32.dll \
    smss.exe services.exe VirtToPhys.sys cmd.exe objdir.exe objinfo.exe handles.exe irptrace.exe \
    pagewalk.exe pagewalk.sys)
# Programs and libraries that tests run (tests/user/tests.mk).
PE_TESTS := sctest.exe k32.exe conform.exe hostile.exe hello.exe walks.exe seh.exe unhandled.exe loader.exe alpha.dll beta.dll \
    gamma.dll refuse.dll box.exe reads.exe bench.exe screen.dll $(patsubst %,needs_%.exe,absent nobody refuse)
FIXTURES := $(patsubst tests/drivers/%.c,$(OUT)/fixtures/%.sys,$(wildcard tests/drivers/*.c)) \
    $(addprefix $(OUT)/fixtures/,$(PE_TESTS))

.PHONY: images fixtures
images: $(IMAGES)
fixtures: $(FIXTURES)

# --- compiling -------------------------------------------------------------------------------

PE_DDK := $(dir $(shell $(MINGW)gcc -print-file-name=libntoskrnl.a 2>/dev/null))../include/ddk

# No SSE and nothing newer than an 80486, as the kernel.
PE_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -march=i486 -mtune=generic -mno-sse -mno-mmx \
    -ffreestanding -fomit-frame-pointer -fno-asynchronous-unwind-tables -fno-stack-protector \
    -fno-ident -ffile-prefix-map=$(CURDIR)=.
PE_USER_CFLAGS   := -Iinclude -Iuser -Ikernel
PE_DRIVER_CFLAGS := -isystem $(PE_DDK) -Iinclude
PE_NTDLL_CFLAGS  := -fno-tree-loop-distribute-patterns # it has memset and strlen, and must not call them there

# The kernel's pure code that ntdll.dll is made of as well.
PE_KERNEL_SOURCES := $(wildcard kernel/ps/pe_*.c) kernel/rtl/string.c kernel/rtl/unicode.c kernel/rtl/printf.c

PE_USER_SOURCES   := $(wildcard user/*/*.c user/*/*.S tests/user/*/*.c) $(PE_KERNEL_SOURCES)
PE_DRIVER_SOURCES := $(wildcard drivers/virttophys/*.c drivers/pagewalk/*.c tests/drivers/*.c)
PE_OBJECTS        := $(patsubst %,$(OUT)/pe/%.o,$(basename $(PE_USER_SOURCES) $(PE_DRIVER_SOURCES)))

pe_objects = $(patsubst %,$(OUT)/pe/%.o,$(basename $(wildcard $(1))))

$(OUT)/pe/user/%.o: PE_ROOM_CFLAGS = $(PE_USER_CFLAGS)
$(OUT)/pe/kernel/%.o: PE_ROOM_CFLAGS = $(PE_USER_CFLAGS) $(PE_NTDLL_CFLAGS)
$(OUT)/pe/drivers/%.o $(OUT)/pe/tests/%.o: PE_ROOM_CFLAGS = $(PE_DRIVER_CFLAGS)
$(OUT)/pe/tests/user/%.o: PE_ROOM_CFLAGS = $(PE_USER_CFLAGS)

# A DLL's own functions are not imports to itself.
$(OUT)/pe/user/ntdll/%.o:    PE_ROOM_CFLAGS = $(PE_USER_CFLAGS) $(PE_NTDLL_CFLAGS) -D_NTSYSTEM_
$(OUT)/pe/user/kernel32/%.o: PE_ROOM_CFLAGS = $(PE_USER_CFLAGS) -D_KERNEL32_
$(OUT)/pe/user/user32/%.o:   PE_ROOM_CFLAGS = $(PE_USER_CFLAGS) -D_USER32_
$(OUT)/pe/user/advapi32/%.o: PE_ROOM_CFLAGS = $(PE_USER_CFLAGS) -D_ADVAPI32_

$(OUT)/pe/%.o: %.c $(OUT)/flags/pe
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(MINGW)gcc $(PE_CFLAGS) $(PE_ROOM_CFLAGS) -MMD -MP -c -o $@ $<

$(OUT)/pe/%.o: %.S $(OUT)/flags/pe
	@mkdir -p $(@D)
	@echo "  AS      $<"
	$(Q)$(MINGW)gcc $(PE_CFLAGS) $(PE_ROOM_CFLAGS) -MMD -MP -c -o $@ $<

-include $(PE_OBJECTS:.o=.d)

# --- linking ---------------------------------------------------------------------------------

# ld marks images as relocatable and gives them relocations by default: a driver needs them, a DLL
# may, and the program has them too, though it is loaded where it was linked.
PE_LDFLAGS := -nostdlib -nostartfiles -Wl,--no-insert-timestamp -Wl,--file-alignment,512 \
    -Wl,--section-alignment,4096
PE_EXE_LDFLAGS = -Wl,--subsystem,windows -Wl,--entry,_start@0 -Wl,--image-base,$(1)
PE_CONSOLE_LDFLAGS := -Wl,--subsystem,console -Wl,--entry,_start@0 -Wl,--image-base,0x400000
PE_DLL_LDFLAGS = -shared -Wl,--subsystem,windows -Wl,--entry,_DllMain@12 -Wl,--image-base,$(1) \
    -Wl,--kill-at -Wl,--enable-stdcall-fixup
PE_NATIVE_LDFLAGS = -Wl,--subsystem,native -Wl,--entry,_NtProcessStartup@4 -Wl,--image-base,$(1)
PE_SYS_LDFLAGS := -Wl,--subsystem,native -Wl,--entry,_DriverEntry@8 -Wl,--image-base,0x10000

$(eval $(call stamp,pe,$(addprefix $(MINGW),gcc dlltool strip),$(MINGW) $(PE_CFLAGS) \
    $(PE_USER_CFLAGS) $(PE_DRIVER_CFLAGS) $(PE_NTDLL_CFLAGS) $(PE_LDFLAGS) $(call PE_EXE_LDFLAGS,) $(call PE_DLL_LDFLAGS,) \
    $(PE_CONSOLE_LDFLAGS) $(PE_SYS_LDFLAGS)))

PE_DLLMAIN := $(OUT)/pe/user/common/dllmain.o
PE_SYMBOLS := $(patsubst %,$(OUT)/symbols/%,$(notdir $(IMAGES) $(FIXTURES)))

$(OUT)/symbols/VirtToPhys.exe: $(call pe_objects,user/virttophys/*.c)
$(OUT)/symbols/VirtToPhys.exe: PE_LINK = $(call PE_EXE_LDFLAGS,0x400000)
$(OUT)/symbols/VirtToPhys.exe: PE_LIBS = -ladvapi32 -luser32 -lkernel32

$(OUT)/symbols/smss.exe: $(call pe_objects,user/smss/*.c kernel/rtl/string.c)
$(OUT)/symbols/smss.exe: PE_LINK = $(call PE_NATIVE_LDFLAGS,0x400000)
$(OUT)/symbols/smss.exe: PE_LIBS = -lkernel32 -lntdll

$(OUT)/symbols/services.exe: $(call pe_objects,user/services/*.c kernel/rtl/string.c)
$(OUT)/symbols/services.exe: PE_LINK = $(call PE_EXE_LDFLAGS,0x400000)
$(OUT)/symbols/services.exe: PE_LIBS = -lkernel32 -lntdll

# Programs for the console; those of objects show what the native calls tell.
PE_OBJECT_PROGRAMS  := $(addprefix $(OUT)/symbols/,objdir.exe objinfo.exe handles.exe irptrace.exe)
PE_CONSOLE_PROGRAMS := $(addprefix $(OUT)/symbols/,cmd.exe pagewalk.exe box.exe reads.exe) $(PE_OBJECT_PROGRAMS)
$(PE_CONSOLE_PROGRAMS): $(OUT)/symbols/%.exe: $(OUT)/pe/user/common/say.o $(OUT)/pe/user/common/words.o
$(PE_CONSOLE_PROGRAMS): PE_LINK = $(call PE_CONSOLE_LDFLAGS,0x400000)
$(PE_CONSOLE_PROGRAMS): PE_LIBS = -ladvapi32 -luser32 -lkernel32 -lntdll
$(PE_OBJECT_PROGRAMS): $(OUT)/pe/user/common/objects.o
$(foreach p,cmd objdir objinfo handles irptrace pagewalk,\
    $(eval $(OUT)/symbols/$(p).exe: $(call pe_objects,user/$(p)/*.c)))
$(OUT)/symbols/box.exe: $(call pe_objects,tests/user/box/*.c)
$(OUT)/symbols/reads.exe: $(call pe_objects,tests/user/reads/*.c)

# ntdll.def names what the DLL adds to the services, which the list that its stubs are made of names.
PE_NTDLL_DEF := $(OUT)/pe/user/ntdll/ntdll.def
$(PE_NTDLL_DEF): user/ntdll/ntdll.def include/nt/services.h user/ntdll/services.awk
	@mkdir -p $(@D)
	$(Q)awk -f user/ntdll/services.awk include/nt/services.h | cat user/ntdll/ntdll.def - >$@

$(OUT)/symbols/ntdll.dll: $(call pe_objects,user/ntdll/*.c user/ntdll/*.S $(PE_KERNEL_SOURCES)) \
    $(PE_DLLMAIN) $(PE_NTDLL_DEF)
$(OUT)/symbols/ntdll.dll: PE_LINK = $(call PE_DLL_LDFLAGS,0x77F40000)
$(OUT)/symbols/ntdll.dll: PE_LIBS = -lgcc

include tests/user/tests.mk

$(OUT)/symbols/kernel32.dll: $(call pe_objects,user/kernel32/*.c kernel/rtl/string.c) \
    user/kernel32/kernel32.def
$(OUT)/symbols/kernel32.dll: PE_LINK = $(call PE_DLL_LDFLAGS,0x77E40000)
$(OUT)/symbols/kernel32.dll: PE_LIBS = -lntdll -lgcc

$(OUT)/symbols/user32.dll: $(call pe_objects,user/user32/*.c) $(PE_DLLMAIN) user/user32/user32.def
$(OUT)/symbols/user32.dll: PE_LINK = $(call PE_DLL_LDFLAGS,0x77D00000)
$(OUT)/symbols/user32.dll: PE_LIBS = -lkernel32

$(OUT)/symbols/advapi32.dll: $(call pe_objects,user/advapi32/*.c kernel/rtl/string.c) $(PE_DLLMAIN) \
    user/advapi32/advapi32.def
$(OUT)/symbols/advapi32.dll: PE_LINK = $(call PE_DLL_LDFLAGS,0x77DA0000)
$(OUT)/symbols/advapi32.dll: PE_LIBS = -lkernel32 -lntdll

$(filter %.sys,$(PE_SYMBOLS)): PE_LINK = $(PE_SYS_LDFLAGS)
$(filter %.sys,$(PE_SYMBOLS)): PE_LIBS = -lntoskrnl
$(OUT)/symbols/async.sys: PE_LIBS = -lntoskrnl -lhal
$(OUT)/symbols/VirtToPhys.sys: $(call pe_objects,drivers/virttophys/*.c)
$(OUT)/symbols/pagewalk.sys: $(call pe_objects,drivers/pagewalk/*.c)
$(foreach f,$(basename $(notdir $(filter %.sys,$(FIXTURES)))),$(eval $(OUT)/symbols/$(f).sys: $(OUT)/pe/tests/drivers/$(f).o))

# badimport.sys asks the kernel for a name that no kernel exports, pagewalk.sys for some that only this
# one does. Those libraries are their only ones: ld sorts imports by the libraries' paths, so beside
# another the order would depend on $(OUT).
PE_BADIMPORT := $(OUT)/pe/tests/drivers/libbadimport.a
PE_PAGEWALK  := $(OUT)/pe/drivers/pagewalk/libpagewalk.a
$(PE_BADIMPORT): tests/drivers/badimport.def
$(PE_PAGEWALK): drivers/pagewalk/ntoskrnl.def
$(OUT)/symbols/badimport.sys: $(PE_BADIMPORT)
$(OUT)/symbols/pagewalk.sys: $(PE_PAGEWALK)
$(OUT)/symbols/badimport.sys $(OUT)/symbols/pagewalk.sys: PE_LIBS =
$(PE_BADIMPORT) $(PE_PAGEWALK): $(OUT)/flags/pe
	@mkdir -p $(@D)
	@echo "  DLLTOOL $(filter %.def,$^)"
	$(Q)cd $(@D) && $(MINGW)dlltool --kill-at --temp-prefix $(basename $(@F)) -d $(CURDIR)/$(filter %.def,$^) -l $(@F)

$(PE_SYMBOLS): $(OUT)/flags/pe
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(MINGW)gcc $(PE_LDFLAGS) $(PE_LINK) -o $@ $(filter-out $(OUT)/flags/%,$^) $(PE_LIBS)

include tests/user/win32.mk

# --- stripping -------------------------------------------------------------------------------

# Only under -p does strip keep the (absent) timestamp of the image; the file's own is now.
PE_STRIP = mkdir -p $(@D) && echo "  STRIP   $@" && $(MINGW)strip --strip-all -p -o $@ $< && touch $@

$(IMAGES): $(OUT)/images/%: $(OUT)/symbols/%
	$(Q)$(PE_STRIP)

$(FIXTURES): $(OUT)/fixtures/%: $(OUT)/symbols/%
	$(Q)$(PE_STRIP)
