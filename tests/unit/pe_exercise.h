/* Everything that can be done with a file of unknown bytes; for the mutations and the fuzzer. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* How far a file got. */
enum exercise_stage { EXERCISE_REFUSED, EXERCISE_OPENED, EXERCISE_RELOCATED, EXERCISE_BOUND };

/*
 * Opens, loads, relocates and binds the file and asks it for exports, and checks what the calls
 * promise of any file. Ends the process, in words, on a broken promise.
 */
enum exercise_stage exercise_file(const uint8_t *bytes, uint32_t size);
