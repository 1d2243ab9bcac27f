/* Registry records in buffers of every length (kernel/cm/record.c). */
#include "cm/cmp.h"
#include "unit.h"

static WCHAR name_units[] = u"ImagePath";
static uint8_t data_bytes[] = {1, 2, 3, 4, 5, 6};

static const struct cm_value value = {
    .type = REG_EXPAND_SZ,
    .data_bytes = sizeof(data_bytes),
    .name = {18, 20, name_units},
    .data = data_bytes,
};
static const struct cm_node node = {.name = {18, 20, name_units}};

typedef NTSTATUS (*report)(ULONG class, const struct cm_record *record);

static NTSTATUS report_value(ULONG class, const struct cm_record *record)
{
    return cm_report_value(&value, class, record);
}

static NTSTATUS report_node(ULONG class, const struct cm_record *record)
{
    return cm_report_node(&node, class, record);
}

/*
 * The record `expected` of `needed` bytes, asked for with every length of buffer: below `fixed`
 * nothing is written, below `needed` its beginning, and never a byte more than the buffer has.
 */
static void check_lengths(report report, ULONG class, const void *expected, ULONG fixed,
                          ULONG needed)
{
    for (ULONG length = 0; length <= needed + 4; length++) {
        uint8_t *buffer = calloc(1, length + !length);
        ULONG told = 0, written = length < fixed ? 0 : length < needed ? length : needed;
        struct cm_record record = {buffer, length, &told};

        assert_status(report(class, &record), length < fixed    ? STATUS_BUFFER_TOO_SMALL
                                              : length < needed ? STATUS_BUFFER_OVERFLOW
                                                                : STATUS_SUCCESS);
        assert_int_equal(told, needed);
        assert_memory_equal(buffer, expected, written);
        for (ULONG i = written; i < length; i++)
            assert_int_equal(buffer[i], 0);
        free(buffer);
    }
}

static void put(uint8_t *record, ULONG offset, const void *from, ULONG bytes)
{
    memcpy(record + offset, from, bytes);
}

static void a_keys_name(void **state)
{
    uint8_t expected[64] = {0};

    (void)state;
    put(expected, 12, &(ULONG){18}, 4);
    put(expected, 16, name_units, 18);
    check_lengths(report_node, KeyBasicInformation, expected, 16, 34);
}

static void a_values_name(void **state)
{
    uint8_t expected[64] = {0};

    (void)state;
    put(expected, 4, &(ULONG){REG_EXPAND_SZ}, 4);
    put(expected, 8, &(ULONG){18}, 4);
    put(expected, 12, name_units, 18);
    check_lengths(report_value, KeyValueBasicInformation, expected, 12, 30);
}

/* The data begins on a multiple of four behind the name. */
static void the_whole_value(void **state)
{
    const ULONG head[] = {0, REG_EXPAND_SZ, 40, sizeof(data_bytes), 18};
    uint8_t expected[64] = {0};

    (void)state;
    put(expected, 0, head, sizeof(head));
    put(expected, 20, name_units, 18);
    put(expected, 40, data_bytes, sizeof(data_bytes));
    check_lengths(report_value, KeyValueFullInformation, expected, 20, 46);
}

static void a_values_data(void **state)
{
    const ULONG head[] = {0, REG_EXPAND_SZ, sizeof(data_bytes)};
    uint8_t expected[64] = {0};

    (void)state;
    put(expected, 0, head, sizeof(head));
    put(expected, 12, data_bytes, sizeof(data_bytes));
    check_lengths(report_value, KeyValuePartialInformation, expected, 12, 18);
}

static void unknown_classes(void **state)
{
    uint8_t buffer[64];
    ULONG needed;
    struct cm_record record = {buffer, sizeof(buffer), &needed};

    (void)state;
    assert_status(cm_report_value(&value, 3, &record), STATUS_INVALID_PARAMETER);
    assert_status(cm_report_value(&value, 0xFFFFFFFF, &record), STATUS_INVALID_PARAMETER);
    assert_status(cm_report_node(&node, 1, &record), STATUS_INVALID_PARAMETER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_keys_name),   TEST(a_values_name),   TEST(the_whole_value),
        TEST(a_values_data), TEST(unknown_classes),
    };

    return RUN_TESTS(tests);
}
