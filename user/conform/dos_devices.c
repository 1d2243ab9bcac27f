/* QueryDosDevice and DefineDosDevice: the links in \??. */
#include "conform.h"

#define OURS "conform0"

static const char *target_of(const char *name, char *buffer)
{
    return QueryDosDeviceA(name, buffer, TEXT_SIZE) != 0 ? buffer : "";
}

/* docs: QueryDosDevice; tutorial 4.2.4: "C:" is a link to a device */
static void check_query(void)
{
    char buffer[TEXT_SIZE];

    expect(text_find(target_of("C:", buffer), "\\Device\\") == buffer, "C: leads to a device");
    expect_failure(CALL(QueryDosDeviceA("no such name", buffer, sizeof(buffer))), 0, 2,
                   "a missing name is 2");
    expect_failure(CALL(QueryDosDeviceA("C:", buffer, 1)), 0, 122, "a small buffer is 122");
}

/* docs: QueryDosDevice, "If this parameter is NULL, ... all MS-DOS device names" */
static void check_list(void)
{
    static char names[65536];
    DWORD length = QueryDosDeviceA(NULL, names, sizeof(names));
    const char *name;
    BOOL found = FALSE;

    expect(length > 2 && names[length - 1] == '\0' && names[length - 2] == '\0',
           "all names end with two NULs");
    for (name = names; length != 0 && *name != '\0'; name++) {
        found = found || text_equal_caseless(name, "C:");
        while (*name != '\0')
            name++;
    }
    expect(found, "C: is among them");
}

/* docs: DefineDosDevice: the newest definition is in force, removal brings the former back */
static void check_define(void)
{
    char buffer[TEXT_SIZE];

    if (!DefineDosDeviceA(DDD_RAW_TARGET_PATH, OURS, "\\Device\\First")) {
        skip("a name can be defined", "this machine defines none");
        return;
    }
    expect_text(target_of(OURS, buffer), "\\Device\\First", "a name can be defined");
    DefineDosDeviceA(DDD_RAW_TARGET_PATH, OURS, "\\Device\\Second");
    expect_text(target_of(OURS, buffer), "\\Device\\Second", "and defined anew");
    DefineDosDeviceA(DDD_REMOVE_DEFINITION | DDD_RAW_TARGET_PATH | DDD_EXACT_MATCH_ON_REMOVE, OURS,
                     "\\Device\\Second");
    expect_text(target_of(OURS, buffer), "\\Device\\First", "without the second the first is back");
    DefineDosDeviceA(DDD_REMOVE_DEFINITION, OURS, NULL);
    expect_failure(CALL(QueryDosDeviceA(OURS, buffer, sizeof(buffer))), 0, 2,
                   "without any it is gone");
    expect_error(CALL(DefineDosDeviceA(DDD_REMOVE_DEFINITION, OURS, NULL)), 2,
                 "which cannot be done twice");
}

void check_dos_devices(void)
{
    check_query();
    check_list();
    check_define();
}
