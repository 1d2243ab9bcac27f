# The programs that tests run without Win32, and their libraries. Part of user/user.mk.

PE_LOADER := $(OUT)/pe/tests/user/loader
PE_NATIVE_TESTS := hello walks seh unhandled loader needs_absent needs_nobody needs_refuse
$(PE_NATIVE_TESTS:%=$(OUT)/symbols/%.exe): PE_LINK = $(call PE_NATIVE_LDFLAGS,0x400000)
$(PE_NATIVE_TESTS:%=$(OUT)/symbols/%.exe): PE_LIBS = $(OUT)/pe/tests/user/libcrt.a -lntdll
$(PE_NATIVE_TESTS:%=$(OUT)/symbols/%.exe): | $(OUT)/pe/tests/user/libcrt.a

$(OUT)/symbols/hello.exe:     $(call pe_objects,tests/user/hello/hello.c)
$(OUT)/symbols/walks.exe:     $(call pe_objects,tests/user/pagewalk/walks.c)
$(OUT)/symbols/seh.exe:       $(call pe_objects,tests/user/seh/seh.c)
$(OUT)/symbols/unhandled.exe: $(call pe_objects,tests/user/seh/unhandled.c)

# What is imported, from .def files: mingw-w64's libntdll.a leaves the C functions out; of the
# loader's libraries two need each other, and some do not exist.
define PE_IMPORT_LIBRARY
	@mkdir -p $(@D)
	@echo "  DLLTOOL $<"
	$(Q)cd $(@D) && $(MINGW)dlltool --temp-prefix $* -d $(CURDIR)/$< -l $(@F)
endef
$(OUT)/pe/tests/user/lib%.a: tests/user/%.def $(OUT)/flags/pe
	$(PE_IMPORT_LIBRARY)
$(PE_LOADER)/lib%.a: tests/user/loader/%.def $(OUT)/flags/pe
	$(PE_IMPORT_LIBRARY)

# --- the loader's -----------------------------------------------------------------------------

# alpha.dll and beta.dll want the same place.
PE_TEST_DLLS := $(patsubst %,$(OUT)/symbols/%.dll,alpha beta gamma refuse)
$(PE_TEST_DLLS): PE_LINK = $(call PE_DLL_LDFLAGS,0x10000000)
$(PE_TEST_DLLS): PE_LIBS = -lntdll
$(PE_TEST_DLLS): $(OUT)/symbols/%.dll: $(PE_LOADER)/%.o tests/user/loader/%.def
$(OUT)/symbols/alpha.dll: $(PE_LOADER)/libbeta.a
$(OUT)/symbols/beta.dll $(OUT)/symbols/gamma.dll: $(PE_LOADER)/libalpha.a

$(OUT)/symbols/loader.exe: $(PE_LOADER)/loader.o $(PE_LOADER)/libalpha.a $(PE_LOADER)/libbeta.a
$(foreach n,absent nobody refuse,$(eval \
    $(OUT)/symbols/needs_$(n).exe: $(PE_LOADER)/needs_$(n).o $(PE_LOADER)/lib$(n).a))

# The true user32.dll but for what its boxes show.
$(OUT)/symbols/screen.dll: $(call pe_objects,user/user32/*.c tests/user/screen/*.c) $(PE_DLLMAIN) user/user32/user32.def
$(OUT)/symbols/screen.dll: PE_LINK = $(call PE_DLL_LDFLAGS,0x77D00000) -Wl,--wrap=box_draw
$(OUT)/symbols/screen.dll: PE_LIBS = -lkernel32
