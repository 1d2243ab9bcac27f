/*
 * An environment: "A=1\0B=2\0\0", the names in order and whatever their case. Pure functions, free
 * of Windows headers so that they also compile for the host. A name may begin with '=' ("=C:").
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The units of an environment, its last NUL included. */
size_t variables_size(const uint16_t *environment);

/* The value of the variable with this name of `length` units; NULL: there is none. */
const uint16_t *variables_find(const uint16_t *environment, const uint16_t *name, size_t length);

/*
 * Writes the environment with the variable set to value, or without it if value is NULL, to
 * changed, which has room for variables_size and both texts and 2 units more. Returns its units.
 */
size_t variables_set(const uint16_t *environment, const uint16_t *name, const uint16_t *value,
                     uint16_t *changed);

/*
 * Writes text with each %NAME% replaced by that variable's value, where there is one, to buffer,
 * NUL-terminated. Returns the units needed, NUL included; more than size: buffer has only the
 * beginning of them.
 */
size_t variables_expand(const uint16_t *environment, const uint16_t *text, uint16_t *buffer,
                        size_t size);
