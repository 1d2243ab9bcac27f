#include "unit.h"

#include <dirent.h>

#include "rtl/assert.h"

jmp_buf unit_caught;
volatile bool unit_catching;
char unit_assertion[256];
static uint64_t seed = 1;

void unit_begin(void)
{
    const char *text = getenv("VTP_SEED");

    if (text && *text)
        seed = strtoull(text, NULL, 0);
    text = getenv("VTP_TEST");
    if (text && *text)
        cmocka_set_test_filter(text);
}

uint64_t unit_seed(void)
{
    return seed;
}

struct unit_random unit_random(uint64_t stream)
{
    struct unit_random random = {seed ^ stream * 0xD1342543DE82EF95u};

    random_next(&random);
    return random;
}

uint64_t random_next(struct unit_random *random)
{
    uint64_t z = random->state += 0x9E3779B97F4A7C15u;

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

uint32_t random_below(struct unit_random *random, uint32_t limit)
{
    return (uint32_t)((random_next(random) >> 32) * limit >> 32);
}

static uint8_t *read_file(const char *path, uint32_t *size)
{
    FILE *stream = fopen(path, "rb");
    uint8_t *bytes;

    assert_non_null(stream);
    fseek(stream, 0, SEEK_END);
    *size = (uint32_t)ftell(stream);
    rewind(stream);
    bytes = malloc(*size + !*size);
    assert_int_equal(fread(bytes, 1, *size, stream), *size);
    fclose(stream);
    return bytes;
}

int unit_each_file(const char *folder,
                   void (*visit)(const char *name, const uint8_t *bytes, uint32_t size))
{
    DIR *directory = opendir(folder);
    int count = 0;

    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        char path[800];
        uint8_t *bytes;
        uint32_t size;

        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        bytes = read_file(path, &size);
        visit(entry->d_name, bytes, size);
        free(bytes);
        count++;
    }
    if (directory)
        closedir(directory);
    return count;
}

int unit_each_file_of_build(const char *folder,
                            void (*visit)(const char *name, const uint8_t *bytes, uint32_t size))
{
    const char *out = getenv("VTP_OUT");
    char path[512];

    snprintf(path, sizeof(path), "%s/%s", out ? out : "build", folder);
    return unit_each_file(path, visit);
}

void unit_assert_status(NTSTATUS actual, NTSTATUS expected, const char *call, const char *file,
                        int line)
{
    if (actual == expected)
        return;
    print_error("%s: %08X, expected %08X\n", call, (unsigned)actual, (unsigned)expected);
    _fail(file, line);
}

/* The rooms' ASSERT ends here. */
void assert_failed(const char *file, int line, const char *expression)
{
    snprintf(unit_assertion, sizeof(unit_assertion), "%s:%d: %s", file, line, expression);
    if (!unit_catching) {
        print_error("ASSERT failed: %s\n", unit_assertion);
        fail();
    }
    unit_catching = false;
    longjmp(unit_caught, 1);
}
