# vtop: the walk of the kernel over images of memory, on the host. Part of the top Makefile; alone:
# make -f tools/vtop/vtop.mk vtop

include tools/build.mk
HOSTCC ?= gcc

VTOP_SOURCES := $(wildcard tools/vtop/*.c) mm/walk.c mm/scan.c
VTOP_HEADERS := $(wildcard tools/vtop/*.h) mm/walk.h mm/scan.h include/paging.h include/paging_pae.h \
    include/control.h include/nt/ntdef.h
VTOP_CFLAGS  := -std=gnu11 -O2 -g -Wall -Wextra -Wshadow -Iinclude -I.

$(eval $(call stamp,vtop,$(HOSTCC),$(HOSTCC) $(VTOP_CFLAGS)))

.PHONY: vtop
vtop: $(OUT)/vtop ## build the walk for the host: over images of memory, or a QEMU that runs (tools/vtop/vtop.1)

$(OUT)/vtop: $(VTOP_SOURCES) $(VTOP_HEADERS) $(OUT)/flags/vtop
	@mkdir -p $(@D)
	@echo "  HOSTCC  $@"
	$(Q)$(HOSTCC) $(VTOP_CFLAGS) -o $@ $(filter %.c,$^)

# The same under the sanitizers, for the tests.
$(OUT)/vtop-checked: $(VTOP_SOURCES) $(VTOP_HEADERS) $(OUT)/flags/vtop
	@mkdir -p $(@D)
	@echo "  HOSTCC  $@"
	$(Q)$(HOSTCC) $(VTOP_CFLAGS) -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -o $@ $(filter %.c,$^)
