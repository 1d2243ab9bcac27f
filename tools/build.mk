# What the makefiles share: where it is built, what may stand in a path, and stamps of flags.

ifndef BUILD_MK
BUILD_MK := $(lastword $(MAKEFILE_LIST))

OUT ?= build
Q   ?= @

ifneq ($(words [$(CURDIR)]),1)
$(error The path of the tree must not contain blanks: $(CURDIR))
endif
ifneq ($(words $(OUT)),1)
$(error OUT must be one path without blanks, not "$(OUT)")
endif

# $(call stamp,NAME,TOOLS,TEXT): a rule for $(OUT)/flags/NAME, which objects depend on. It holds TEXT
# and is rewritten only when TEXT is another. No newline: GNU make 4.3's $(file <) leaves it at times. A missing tool ends in one sentence (tools/need).
define stamp
$(OUT)/flags/$(1): $(if $(call stamp-changed,$(1),$(3))$(call stamp-missing,$(2)),.force)
	@tools/need $(2)
	@mkdir -p $$(@D) && printf %s $(call stamp-quoted,$(subst $$,$$$$,$(strip $(3)))) >$$@
endef

stamp-changed = $(subst [$(strip $(2))],,[$(file <$(OUT)/flags/$(1))])
stamp-missing = $(shell for tool in $(filter-out %.h --%,$(1)); do \
    command -v $$tool >/dev/null || echo $$tool; done)
stamp-quoted  = '$(subst ','\'',$(1))'

.PHONY: .force
.force:

endif
