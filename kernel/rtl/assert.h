/* ASSERT is for our own mistakes only; what the outside can cause gets an NTSTATUS. */
#pragma once

/*
 * Ends the system with a bugcheck that names the place (kernel) or fails the test (host).
 * Given by kernel/kd/bugcheck.c or by the test.
 */
__attribute__((noreturn)) void assert_failed(const char *file, int line, const char *expression);

#define ASSERT(expression) ((expression) ? (void)0 : assert_failed(__FILE__, __LINE__, #expression))
