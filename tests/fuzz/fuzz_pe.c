/* libFuzzer's way into the PE code: any bytes as a file. */
#include "../unit/pe_exercise.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size + !size); /* on the heap to the byte, as libFuzzer's own is not */

    memcpy(copy, data, size);
    exercise_file(copy, (uint32_t)size);
    free(copy);
    return 0;
}
