/*
 * What comes back from a driver: data, count and error for success, warnings and errors. buffers.sys
 * answers by the code. Wine: ntoskrnl.exe/tests/ntoskrnl.c (test_return_status); docs: DeviceIoControl.
 */
#include "conform.h"
#include <winioctl.h>

#define CODE(number)                                                                               \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800 + (number), METHOD_BUFFERED, FILE_ANY_ACCESS)

enum { ECHO, WARNING, ERROR_, TOO_MUCH, PENDING };

static const struct {
    DWORD code;
    BOOL succeeds, copied;
    DWORD error;
    const char *name, *data;
} codes[] = {
    {CODE(ECHO), TRUE, TRUE, UNTOUCHED, "success", "brings data and count"},
    {CODE(WARNING), FALSE, TRUE, ERROR_MORE_DATA, "a warning is FALSE and 234",
     "but brings data and count"},
    {CODE(ERROR_), FALSE, FALSE, ERROR_GEN_FAILURE, "an error is FALSE and 31",
     "and brings neither"},
    {CODE(PENDING), TRUE, TRUE, UNTOUCHED, "pending is waited for", "and brings data and count"},
};

static void check_code(HANDLE device, unsigned i)
{
    char out[8] = "old";
    DWORD returned = UNTOUCHED;
    struct outcome outcome =
        CALL(DeviceIoControl(device, codes[i].code, "new!", 5, out, 5, &returned, NULL));

    if (codes[i].succeeds)
        expect_success(outcome, codes[i].name);
    else
        expect_error(outcome, codes[i].error, codes[i].name);
    expect(text_equal(out, codes[i].copied ? "new!" : "old") &&
               returned == (codes[i].copied ? 5 : UNTOUCHED),
           codes[i].data);
}

/* docs: ReadFile, WriteFile to a device that does buffered I/O */
static void check_read_write(HANDLE device)
{
    char bytes[16] = "........";
    DWORD count = UNTOUCHED;

    expect(WriteFile(device, "written", 8, &count, NULL) && count == 8,
           "a device can be written to");
    expect(ReadFile(device, bytes, 4, &count, NULL) && count == 4, "and read from");
    expect(bytes[0] == 'w' && bytes[3] == 't' && bytes[4] == '.', "as much as was asked for");
    expect(ReadFile(device, bytes, sizeof(bytes), &count, NULL) && count == 8, "or as there is");
    expect_error(CALL(ReadFile(device, (void *)0x1000, 8, &count, NULL)), 998,
                 "not to where nothing is: 998");
    expect_error(CALL(WriteFile(device, (void *)0x1000, 8, &count, NULL)), 998,
                 "nor from there: 998");
}

void check_buffers(void)
{
    HANDLE device;
    unsigned i;

    if (sizeof(void *) != 4 || !driver_start("ConformBuffers", "buffers.sys")) {
        skip("success", "this machine does not run buffers.sys");
        return;
    }
    device = CreateFileA("\\\\.\\buffers", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0,
                         NULL);
    expect(device != INVALID_HANDLE_VALUE, "buffers.sys can be opened");
    for (i = 0; i < COUNT(codes); i++)
        check_code(device, i);
    check_read_write(device);
    CloseHandle(device);
    driver_stop("ConformBuffers");
}
