#include "base.h"

static ULONG magnitude(int value)
{
    return value < 0 ? 0u - (ULONG)value : (ULONG)value;
}

/* Rounded half away from zero; -1 where there is no such number of 32 bits. */
int WINAPI MulDiv(int number, int numerator, int denominator)
{
    BOOL negative = ((number ^ numerator) ^ denominator) < 0;
    ULONG divisor = magnitude(denominator);
    ULONGLONG result;

    if (divisor == 0)
        return -1;
    result = ((ULONGLONG)magnitude(number) * magnitude(numerator) + divisor / 2) / divisor;
    if (result > MAXLONG + (ULONGLONG)negative)
        return -1;
    return negative ? (int)(0u - (ULONG)result) : (int)result;
}
