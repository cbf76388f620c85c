# anzheng - build, check, test. One file, no recursion; everything made lies below build/.
#
#   make            build/anzheng                 make test    install what is missing, run everything
#   make demo       a sample city, start to end   make bench   figures, one row each
#   make check      the tests, packages present   make SAN=1   the same with ASan+UBSan
#   CC=clang        the other compiler            make fuzz    each fuzz target, SECONDS=60
#   DEBUG_INFO=-g1  lines but no variables for a debugger: compiles in less time
#   make test-kill N=1000    the writer killed at N random moments, SEED= for others
#   make test-histories N=200000    properties over generated histories, SEED= for others
#   make test-damage COUNT=100000    bits flipped in log and views, SEED= for others
#   make tidy       clang-tidy, minutes

CC      ?= gcc
ifeq ($(origin CC),default)
CC      := gcc
endif
BUILD   := build/$(notdir $(CC))$(if $(FUZZ),-fuzz,$(if $(SAN),-san))
SECONDS ?= 60
GEN     := build/gen
PREFIX  ?= /usr/local
PROTOC  ?= protoc-c

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
        -Wmissing-prototypes -Wold-style-definition -Wpointer-arith -Wcast-align -Wwrite-strings \
        -Wundef -Wvla -Wformat=2 -Wswitch-enum -Wimplicit-fallthrough -Wdouble-promotion \
        -Wnull-dereference -fno-common -Werror
,    := ,
HARD := -D_FORTIFY_SOURCE=2 -fstack-protector-strong
DEBUG_INFO ?= -g
OPT  := $(if $(SAN),-O1 $(DEBUG_INFO) -fsanitize=address$(,)undefined -fno-sanitize-recover=all \
        -fno-omit-frame-pointer$(if $(FUZZ), -fsanitize=fuzzer-no-link),-O2 $(DEBUG_INFO) $(HARD))
CPPFLAGS := -I. -isystem $(GEN) -D_GNU_SOURCE
CFLAGS   := -std=gnu17 -fPIE $(WARN) $(OPT)
LDFLAGS  := -pie -Wl,-z,relro,-z,now,--build-id=sha1 $(if $(SAN),-fsanitize=address$(,)undefined)
PURE_LIBS := -lprotobuf-c -lutf8proc
IO_LIBS  := -llmdb -lhpdf -lssl -lcrypto -lcsv -ljansson -lsmartcols -lturbojpeg \
        -linih -ldeflate -lz -lm -lpthread

PURE  := core/base events/terms events projections importers
src    = $(foreach d,$(1),$(wildcard $(d)/*.c))
obj    = $(patsubst %.c,$(BUILD)/%.o,$(1))
PROTO := core/base/types.proto $(wildcard events/schema/*.proto) $(wildcard jobs/*.proto)
GEN_C := $(patsubst %.proto,$(GEN)/%.pb-c.c,$(notdir $(PROTO)))
GEN_O := $(patsubst $(GEN)/%.c,$(BUILD)/gen/%.o,$(GEN_C))
# What goes out with an export, as texts of the program (jobs/audit/published.h): the schema of an entry,
# and the page that an outsider reads first.
PUBLISHED := core/base/types.proto $(addprefix events/schema/,event.proto terms.proto \
        personal.proto personnel_events.proto certificate_events.proto) jobs/export-readme.md
# The page descriptions the program comes with, as C: projections/template.h.
PAGES  := $(addprefix projections/templates/,certificate.page cancellation_proof.page departure_proof.page)
PURE_O := $(call obj,$(call src,$(PURE))) $(GEN_O) $(BUILD)/gen/page_descriptions.o \
          $(BUILD)/gen/record_plans.o
IO_O   := $(call obj,$(call src,core/io))
ROOMS  := $(addprefix jobs/,objects checkpoints documents reading wishes waves \
        platform registers store audit night)
ENGINE := jobs/engine $(addprefix jobs/engine/,parts rendering fold judging intake)
JOBS_O := $(call obj,$(filter-out jobs/main.c,$(call src,jobs $(ENGINE) jobs/sample $(ROOMS)))) \
          $(BUILD)/gen/published.o
MAIN_O := $(BUILD)/jobs/main.o
SUPPORT_O := $(call obj,$(call src,tests/support))

# Unit tests, one program a file; those of the pure folders link nothing but the pure folders. `make
# tests` links three of many instead (tests/units.c): a hundred links of the same objects took longer
# than to compile them.
TEST_PURE := $(patsubst %.c,$(BUILD)/%,$(call src,$(addprefix tests/,$(PURE))))
TEST_IO   := $(patsubst %.c,$(BUILD)/%,$(call src,tests/core/io))
TEST_JOBS := $(patsubst %.c,$(BUILD)/%,$(filter-out %/small_batches.c %/forger.c,$(call src,tests/jobs tests/faults)))
TEST_HISTORIES := $(BUILD)/tests/histories/test_histories
TEST_DAMAGE    := $(BUILD)/tests/damage/test_damage
TEST_TOOLS     := $(addprefix $(BUILD)/tests/faults/,small_batches forger)
PARTS_O   := $(call obj,$(filter-out %/test_histories.c %/test_damage.c,$(call src,tests/histories tests/damage)))
UNITS     := $(addprefix $(BUILD)/tests/units-,pure io jobs)
unit_name  = $(subst /,_,$(patsubst $(BUILD)/tests/%,%,$(1)))

BENCH     := $(patsubst %.c,$(BUILD)/%,$(call src,tests/bench))
FUZZERS   := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))

.DEFAULT_GOAL := all
.SECONDARY:
.DELETE_ON_ERROR:
.PHONY: all tests FORCE
tests: $(UNITS) $(TEST_TOOLS)
all: build/anzheng

# Compared each time: that of another build (CC=clang, SAN=1) may be there, and newer than all sources.
build/anzheng: $(BUILD)/anzheng FORCE
	@cmp -s $< $@ || cp -f $< $@
$(BUILD)/anzheng: $(MAIN_O) $(JOBS_O) $(IO_O) $(PURE_O)
	@echo '  LINK  $@'
	@$(CC) $(LDFLAGS) $^ $(IO_LIBS) $(PURE_LIBS) -o $@

$(GEN_C): $(GEN)/%.pb-c.c: | $(GEN)/.stamp
$(GEN)/.stamp: $(PROTO)
	@mkdir -p $(GEN)
	@$(PROTOC) --c_out=$(GEN) $(sort $(addprefix -I,$(dir $(PROTO)))) $(notdir $(PROTO))
	@touch $@
$(GEN)/published.c: $(PUBLISHED) Makefile | $(GEN)/.stamp
	@{ echo 'const char *const published_files[][2] = {'; \
	for file in $(PUBLISHED); do \
	    case $$file in *.proto) name=schema/$${file##*/};; *) name=README.md;; esac; \
	    printf '{"%s",\n' "$$name"; sed 's/[\\"]/\\&/g; s/^/"/; s/$$/\\n"/' "$$file"; echo '},'; \
	done; echo '{0, 0}};'; } > $@
$(BUILD)/gen/published.o: $(GEN)/published.c
$(BUILD)/gen/%.o: $(GEN)/.stamp
	@mkdir -p $(@D)
	@$(CC) -std=gnu17 -fPIE $(OPT) -w -I$(GEN) -c $(GEN)/$*.c -o $@
# How each kind of message is read and written: core/base/record_plan.h.
$(GEN)/descriptors.h: $(GEN)/.stamp Makefile
	@grep -h '^extern const ProtobufCMessageDescriptor ' $(GEN_C:.c=.h) > $@
	@sed 's/.* \(.*\)__descriptor;/{"\1", \&\1__descriptor}, \\/; 1s/^/#define ALL_DESCRIPTORS /' $@ > $@.all
	@cat $@.all >> $@; rm $@.all
$(GEN)/record_plans.c: core/base/plans/make_plans.c core/base/record_plan.h $(GEN)/descriptors.h
	@$(CC) -std=gnu17 -w -I. -I$(GEN) $< $(GEN_C) -lprotobuf-c -o $(GEN)/make_plans
	@$(GEN)/make_plans > $@
$(BUILD)/gen/record_plans.o: $(GEN)/record_plans.c
	@mkdir -p $(@D)
	@$(CC) $(CPPFLAGS) $(CFLAGS) -c $< -o $@
$(GEN)/page_descriptions.c: $(PAGES)
	@mkdir -p $(GEN)
	@for page in $(PAGES); do \
	    name=$$(basename $$page .page); \
	    echo "extern const unsigned char page_description_$$name[];"; \
	    echo "extern const unsigned long page_description_$${name}_size;"; \
	    echo "const unsigned char page_description_$$name[] = {"; \
	    od -An -v -tu1 $$page | sed 's/[0-9][0-9]*/&,/g'; \
	    echo '};'; \
	    echo "const unsigned long page_description_$${name}_size = sizeof page_description_$$name;"; \
	done > $@
$(BUILD)/gen/page_descriptions.o: $(GEN)/page_descriptions.c
$(BUILD)/%.o: %.c $(GEN)/.stamp
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

$(TEST_PURE): $(BUILD)/tests/%: $(BUILD)/tests/%.o $(PURE_O) $(SUPPORT_O)
	@echo '  LINK  $@'
	@$(CC) $(LDFLAGS) $^ $(PURE_LIBS) -lcmocka -o $@
$(TEST_IO): $(BUILD)/tests/%: $(BUILD)/tests/%.o $(IO_O) $(PURE_O) $(SUPPORT_O)
	@echo '  LINK  $@'
	@$(CC) $(LDFLAGS) $^ $(IO_LIBS) $(PURE_LIBS) -lcmocka -o $@
$(TEST_JOBS) $(TEST_TOOLS) $(BENCH): $(BUILD)/tests/%: $(BUILD)/tests/%.o $(JOBS_O) $(IO_O) $(PURE_O) $(SUPPORT_O)
	@echo '  LINK  $@'
	@$(CC) $(LDFLAGS) $^ $(IO_LIBS) $(PURE_LIBS) -lcmocka -o $@
$(TEST_HISTORIES): $(call obj,$(call src,tests/histories)) $(JOBS_O) $(IO_O) $(PURE_O) $(SUPPORT_O)
	@echo '  LINK  $@'
	@$(CC) $(LDFLAGS) $^ $(IO_LIBS) $(PURE_LIBS) -lcmocka -o $@

$(TEST_DAMAGE): $(call obj,$(call src,tests/damage)) $(JOBS_O) $(IO_O) $(PURE_O) $(SUPPORT_O)
	@echo '  LINK  $@'
	@$(CC) $(LDFLAGS) $^ $(IO_LIBS) $(PURE_LIBS) -lcmocka -o $@

$(FUZZERS): $(BUILD)/tests/%: $(BUILD)/tests/%.o $(JOBS_O) $(IO_O) $(PURE_O)
	@echo '  LINK  $@'
	@$(CC) $(LDFLAGS) -fsanitize=fuzzer $^ $(IO_LIBS) $(PURE_LIBS) -o $@

# Each test's main under a name of its own; which of them runs is said by UNIT.
$(BUILD)/tests/%.unit.o: $(BUILD)/tests/%.o
	@objcopy --redefine-sym main=unit_$(subst /,_,$*) $< $@
$(BUILD)/tests/units-pure: $(TEST_PURE:=.unit.o) $(PURE_O) $(SUPPORT_O)
$(BUILD)/tests/units-io: $(TEST_IO:=.unit.o) $(IO_O) $(PURE_O) $(SUPPORT_O)
$(BUILD)/tests/units-jobs: $(addsuffix .unit.o,$(TEST_JOBS) $(TEST_HISTORIES) $(TEST_DAMAGE)) $(PARTS_O) \
        $(JOBS_O) $(IO_O) $(PURE_O) $(SUPPORT_O)
$(BUILD)/tests/units-pure: UNIT_LIBS := $(PURE_LIBS)
$(BUILD)/tests/units-io $(BUILD)/tests/units-jobs: UNIT_LIBS := $(IO_LIBS) $(PURE_LIBS)
$(UNITS): tests/units.c
	@echo '  LINK  $@'
	@$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) '-DUNITS=$(foreach unit,$(patsubst \
	    %.unit.o,%,$(filter %.unit.o,$^)),UNIT($(call unit_name,$(unit))))' tests/units.c \
	    $(filter %.o,$^) $(UNIT_LIBS) -lcmocka -o $@

# The same targets in one program, each under a name of its own: the short run of `make test`.
FUZZ_SHORT := $(BUILD)/tests/fuzz/short
$(BUILD)/tests/fuzz/short_%.o: tests/fuzz/fuzz_%.c $(GEN)/.stamp
	@mkdir -p $(@D)
	@$(CC) $(CPPFLAGS) $(CFLAGS) -DLLVMFuzzerTestOneInput=fuzz_$*_input -MMD -MP -c $< -o $@
$(FUZZ_SHORT): $(FUZZ_SHORT).o $(patsubst tests/fuzz/fuzz_%.c,$(BUILD)/tests/fuzz/short_%.o,$(wildcard \
        tests/fuzz/fuzz_*.c)) $(JOBS_O) $(IO_O) $(PURE_O)
	@echo '  LINK  $@'
	@$(CC) $(LDFLAGS) $^ $(IO_LIBS) $(PURE_LIBS) -o $@

.PHONY: fuzzers fuzz-targets fuzz fuzz-short
fuzz-short: $(FUZZ_SHORT)
fuzzers: $(FUZZERS)
fuzz-targets:
	@$(MAKE) --no-print-directory FUZZ=1 SAN=1 CC=clang fuzzers
fuzz: install-test fuzz-targets
	@tests/fuzz/run build/clang-fuzz/tests/fuzz $(SECONDS)

.PHONY: install-build install-test demo test check test-kill test-histories test-damage tidy bench install
install-build:
	@.ci/install build
install-test:
	@.ci/install build test
demo: install-build
	@$(MAKE) --no-print-directory -j2 build/anzheng
	@jobs/demo.sh build/demo
test: install-test
	@tests/run
check:
	@.ci/install tell build test
	@tests/run
tidy: install-test all
	@.ci/tidy
test-kill: install-test build/anzheng
	@KILLS=$(or $(N),200) SEED=$(or $(SEED),1) tests/faults/t0100-kill.sh
test-histories: install-test $(TEST_HISTORIES)
	@COUNT=$(or $(N),200000) SEED=$(or $(SEED),1) $(TEST_HISTORIES)
test-damage: install-test $(TEST_DAMAGE)
	@COUNT=$(or $(COUNT),100000) SEED=$(or $(SEED),1) $(TEST_DAMAGE)
bench: install-build
	@$(MAKE) --no-print-directory -j2 build/anzheng $(BENCH)
	@tests/bench/run
	@tests/bench/replay
install: build/anzheng
	install -D -m 755 build/anzheng $(DESTDIR)$(PREFIX)/bin/anzheng
.PHONY: clean
clean:
	rm -rf build

-include $(shell find build -name '*.d' 2>/dev/null)
