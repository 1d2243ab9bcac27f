/* What all unit tests share: cmocka, a seeded generator, and ASSERTs as something to expect. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nt/ntstatus.h"

/* A test whose name is its function's. */
#define TEST(function) cmocka_unit_test(function)

#define RUN_TESTS(tests) (unit_begin(), cmocka_run_group_tests(tests, NULL, NULL))

/* Statuses print as eight hex digits, as in ntstatus.h. */
#define assert_status(actual, expected)                                                            \
    unit_assert_status((actual), (expected), #actual, __FILE__, __LINE__)

/* TRUE once `statement` has ended in a failed ASSERT; the words are in unit_assertion. */
#define ASSERTION_OF(statement)                                                                    \
    (unit_catching = true, setjmp(unit_caught) ? true : ((statement), unit_catching = false, false))

extern jmp_buf unit_caught;
extern volatile bool unit_catching;
extern char unit_assertion[256];

/* Reads the environment: VTP_SEED=N for other random numbers, VTP_TEST=NAME for one test only. */
void unit_begin(void);

/* Calls `visit` with each file of a folder, its bytes on the heap to the byte; returns their number. */
int unit_each_file(const char *folder,
                   void (*visit)(const char *name, const uint8_t *bytes, uint32_t size));

/* The same of a folder in the build's. */
int unit_each_file_of_build(const char *folder,
                            void (*visit)(const char *name, const uint8_t *bytes, uint32_t size));

void unit_assert_status(NTSTATUS actual, NTSTATUS expected, const char *call, const char *file,
                        int line);

/* The seed of this run; a test with random input prints it when it fails. */
uint64_t unit_seed(void);

/* A random number generator (SplitMix64). */
struct unit_random {
    uint64_t state;
};

/* A generator for this run's seed; `stream` tells the generators of one run apart. */
struct unit_random unit_random(uint64_t stream);
uint64_t random_next(struct unit_random *random);

/* A number in [0, limit). */
uint32_t random_below(struct unit_random *random, uint32_t limit);
