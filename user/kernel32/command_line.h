/*
 * What program a command line means. Pure, free of Windows headers so that it also compiles for the
 * host.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct command_word {
    const uint16_t *text; /* within the line */
    size_t length;        /* 0: there is none */
};

/*
 * The program that the line means by its n-th reading, counted from 0: what stands in its first
 * quotes; or, without quotes, the line up to its first blank, up to its second, and so on, as
 * C:\Program Files\x.exe -a may mean any of them.
 */
struct command_word command_program(const uint16_t *line, size_t n);
