# Host unit tests of the rooms that are pure code, under ASan and UBSan, and the fuzzer.
# Part of the top Makefile; alone: make -f tests/unit/unit.mk unit
#
#   make unit                 builds and runs all of them; VTP_SEED=N for other random numbers
#   make unit-build           builds only (tests/unit/test_unit.py runs them one by one)
#   make fuzz-pe SECONDS_=60  libFuzzer on the PE code; what it collects stays in $(OUT)/fuzz/corpus
#   make fuzz-walk            the same on the walk and the scan; $(OUT)/fuzz/corpus-walk
#   make fuzz-keep            adds what reaches new code to tests/fuzz/corpus, which the unit tests replay

include tools/build.mk
HOSTCC   ?= gcc
FUZZCC   ?= clang
SECONDS_ ?= 60

UNIT_DIR    := tests/unit
UNIT_OUT    := $(OUT)/unit
UNIT_CFLAGS := -std=gnu11 -O1 -g -Wall -Wextra -fno-omit-frame-pointer \
    -fsanitize=address,undefined -fno-sanitize-recover=all -Iinclude -Ikernel -I. -Iuser -I$(UNIT_DIR)

# What each test is linked with, besides its own file: sources, relative to the root.
UNIT_COMMON := tests/unit/unit.c
UNIT_RTL    := kernel/rtl/string.c kernel/rtl/unicode.c kernel/rtl/printf.c
UNIT_PE     := $(wildcard kernel/ps/pe_*.c) $(UNIT_RTL) tests/unit/pe_builder.c

UNIT_SOURCES_pe_headers  := $(UNIT_PE)
UNIT_SOURCES_pe_sections := $(UNIT_PE)
UNIT_SOURCES_pe_relocs   := $(UNIT_PE)
UNIT_SOURCES_pe_exports  := $(UNIT_PE)
UNIT_SOURCES_pe_imports  := $(UNIT_PE)
UNIT_SOURCES_pe_images   := $(UNIT_PE)
UNIT_SOURCES_pe_mapped   := $(UNIT_PE)
UNIT_SOURCES_pe_mutation := $(UNIT_PE) tests/unit/pe_exercise.c

UNIT_SOURCES_frame       := mm/frame.c
UNIT_SOURCES_walk        := mm/walk.c
UNIT_SCAN                := mm/walk.c mm/scan.c tests/unit/tables.c
UNIT_SOURCES_scan        := $(UNIT_SCAN)
UNIT_SOURCES_scan_compare := $(UNIT_SCAN)
UNIT_SOURCES_scan_random := $(UNIT_SCAN)
UNIT_SOURCES_scan_from   := mm/walk.c mm/scan.c
UNIT_SOURCES_walk_corpus := tests/fuzz/fuzz_walk.c mm/walk.c mm/scan.c
UNIT_SOURCES_printf      := $(UNIT_RTL)
UNIT_SOURCES_string      := $(UNIT_RTL)
UNIT_SOURCES_unicode     := $(UNIT_RTL)
UNIT_SOURCES_ob_name     := kernel/ob/name.c $(UNIT_RTL)
UNIT_SOURCES_options     := kernel/options.c $(UNIT_RTL)
UNIT_SOURCES_place       := kernel/ps/place.c mm/frame.c $(UNIT_RTL)
UNIT_SOURCES_regions     := mm/layout.c
UNIT_SOURCES_vad         := mm/vad.c mm/vad_protect.c mm/virtual.c mm/fault.c mm/backing.c mm/commit.c mm/frame.c \
    $(UNIT_RTL)
UNIT_SOURCES_words       := kernel/kd/symbols.c kernel/kd/exception.c $(UNIT_RTL)
UNIT_SOURCES_record      := kernel/cm/record.c $(UNIT_RTL)
UNIT_SOURCES_heap        := user/ntdll/heap_core.c
UNIT_SOURCES_status_map  := user/ntdll/status_map.c
UNIT_SOURCES_screen      := kernel/console/screen.c $(UNIT_RTL)
UNIT_SOURCES_keys        := drivers/keyboard/scancode.c drivers/serial/serial_keys.c
UNIT_SOURCES_line        := drivers/console/line.c kernel/console/screen.c $(UNIT_RTL)
UNIT_SOURCES_box         := user/user32/box.c user/user32/buttons.c user/user32/layout.c
UNIT_SOURCES_format      := user/user32/format.c
UNIT_SOURCES_number_format := user/kernel32/number_format.c
UNIT_SOURCES_calendar    := user/kernel32/calendar.c
UNIT_SOURCES_codepage    := user/kernel32/codepage.c
UNIT_SOURCES_command_line := user/kernel32/command_line.c
UNIT_SOURCES_message_format := user/kernel32/message_format.c
UNIT_SOURCES_path        := user/kernel32/path.c
UNIT_SOURCES_variables   := user/kernel32/variables.c

# The i386 half of rtl/string.c runs in a 32-bit program without a C library.
UNIT_CC32    ?= $(or $(CROSS),i686-linux-gnu-)gcc
UNIT_FLAGS32 := -std=gnu11 -O2 -g -march=i486 -ffreestanding -fno-pie -fno-stack-protector \
    -fno-tree-loop-distribute-patterns -Wall -Wextra -Iinclude -Ikernel -nostdlib -static -no-pie

UNIT_NAMES    := $(filter-out string32,$(patsubst $(UNIT_DIR)/test_%.c,%,$(wildcard $(UNIT_DIR)/test_*.c)))
UNIT_HOST     := $(addprefix $(UNIT_OUT)/test_,$(UNIT_NAMES))
UNIT_BINARIES := $(UNIT_HOST) $(UNIT_OUT)/test_string32

.PHONY: unit unit-build fuzz-pe
unit-build: $(UNIT_BINARIES) ## build the host unit tests (`make test` runs them)

# The images are read where they can be built; alone, this fragment takes what is there.
unit: $(UNIT_BINARIES) $(IMAGES) $(FIXTURES) ## run the host unit tests (VTP_SEED=N: other random numbers)
	@failed=; for test in $(UNIT_BINARIES); do \
	    VTP_OUT=$(OUT) CMOCKA_MESSAGE_OUTPUT=TAP $$test 2>&1 || failed="$$failed $${test##*/}"; \
	done; test -z "$$failed" || { echo "unit tests failed:$$failed" >&2; exit 1; }

$(eval $(call stamp,unit,$(HOSTCC) cmocka.h $(UNIT_CC32),$(HOSTCC) $(UNIT_CFLAGS) $(UNIT_CC32) $(UNIT_FLAGS32)))

$(UNIT_OUT)/%.o: %.c $(OUT)/flags/unit
	@mkdir -p $(@D)
	@echo "  HOSTCC  $<"
	$(Q)$(HOSTCC) $(UNIT_CFLAGS) -MMD -MP -c -o $@ $<

unit_objects = $(patsubst %.c,$(UNIT_OUT)/%.o,$(UNIT_DIR)/test_$(1).c $(UNIT_COMMON) $(UNIT_SOURCES_$(1)))
$(foreach name,$(UNIT_NAMES),$(eval $(UNIT_OUT)/test_$(name): $(call unit_objects,$(name))))

$(UNIT_HOST):
	@echo "  HOSTLD  $@"
	$(Q)$(HOSTCC) $(UNIT_CFLAGS) -o $@ $^ -lcmocka

$(UNIT_OUT)/test_string32: $(UNIT_DIR)/test_string32.c kernel/rtl/string.c kernel/rtl/unicode.c $(OUT)/flags/unit
	@mkdir -p $(@D)
	@echo "  CC32    $@"
	$(Q)$(UNIT_CC32) $(UNIT_FLAGS32) -Wl,--build-id=none -o $@ $(filter %.c,$^)

-include $(patsubst %.c,$(UNIT_OUT)/%.d,$(sort $(foreach name,$(UNIT_NAMES),\
    $(UNIT_DIR)/test_$(name).c $(UNIT_SOURCES_$(name))) $(UNIT_COMMON)))

# --- the fuzzer ------------------------------------------------------------------------------

FUZZ_OUT     := $(OUT)/fuzz
FUZZ_KEPT    := tests/fuzz/corpus
FUZZ_SOURCES := tests/fuzz/fuzz_pe.c tests/unit/pe_exercise.c $(filter kernel/%,$(UNIT_PE))
FUZZ_CFLAGS  := -std=gnu11 -O1 -g -Wall -Wextra -Iinclude -Ikernel -I. -fno-omit-frame-pointer \
    -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all

$(FUZZ_OUT)/fuzz_pe: $(FUZZ_SOURCES) $(wildcard kernel/ps/pe*.h) include/nt/image.h
	@mkdir -p $(@D)
	@tools/need $(FUZZCC)
	@echo "  FUZZCC  $@"
	$(Q)$(FUZZCC) $(FUZZ_CFLAGS) -o $@ $(filter %.c,$^)

$(FUZZ_OUT)/seeds: tests/fuzz/seeds.c $(UNIT_COMMON) $(UNIT_PE)
	@mkdir -p $(@D)
	$(Q)$(HOSTCC) $(UNIT_CFLAGS) -o $@ $^ -lcmocka

fuzz-pe: $(FUZZ_OUT)/fuzz_pe $(FUZZ_OUT)/seeds ## fuzz the PE code (SECONDS_=60)
	@mkdir -p $(FUZZ_OUT)/corpus $(FUZZ_OUT)/begin
	@$(FUZZ_OUT)/seeds $(FUZZ_OUT)/begin
	@cp $(wildcard $(OUT)/images/*) $(FUZZ_OUT)/begin/ 2>/dev/null || true
	$(FUZZ_OUT)/fuzz_pe -max_total_time=$(SECONDS_) -max_len=16384 -print_final_stats=1 \
	    -artifact_prefix=$(FUZZ_OUT)/ $(FUZZ_OUT)/corpus $(FUZZ_OUT)/begin $(FUZZ_KEPT)/pe

FUZZ_WALK := tests/fuzz/fuzz_walk.c mm/walk.c mm/scan.c

$(FUZZ_OUT)/fuzz_walk: $(FUZZ_WALK) mm/walk.h mm/scan.h include/paging.h include/paging_pae.h include/control.h
	@mkdir -p $(@D)
	@tools/need $(FUZZCC)
	@echo "  FUZZCC  $@"
	$(Q)$(FUZZCC) $(FUZZ_CFLAGS) -o $@ $(filter %.c,$^)

.PHONY: fuzz-walk
fuzz-walk: $(FUZZ_OUT)/fuzz_walk ## fuzz the page-table walk and the scan (SECONDS_=60)
	@mkdir -p $(FUZZ_OUT)/corpus-walk
	$(FUZZ_OUT)/fuzz_walk -max_total_time=$(SECONDS_) -max_len=16408 -print_final_stats=1 \
	    -artifact_prefix=$(FUZZ_OUT)/ $(FUZZ_OUT)/corpus-walk $(FUZZ_KEPT)/walk

.PHONY: fuzz-keep
fuzz-keep: $(FUZZ_OUT)/fuzz_pe $(FUZZ_OUT)/fuzz_walk ## keep in tests/fuzz/corpus what the fuzzers found, where it reaches new code
	@mkdir -p $(FUZZ_OUT)/corpus $(FUZZ_OUT)/corpus-walk
	$(FUZZ_OUT)/fuzz_pe -set_cover_merge=1 -use_counters=0 -max_len=11300 $(FUZZ_KEPT)/pe $(FUZZ_OUT)/corpus
	$(FUZZ_OUT)/fuzz_walk -set_cover_merge=1 -max_len=4120 $(FUZZ_KEPT)/walk $(FUZZ_OUT)/corpus-walk
