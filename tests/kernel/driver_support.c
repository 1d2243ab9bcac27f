#include "tests/kernel/driver_support.h"

#include "mm/pool.h"
#include "nt/service.h"

void driver_create_key(struct test_service *service, PCWSTR name)
{
    UNICODE_STRING last;
    ULONG disposition = 0;

    RtlInitUnicodeString(&last, name);
    service->path = (UNICODE_STRING){0, sizeof service->text, service->text};
    rtl_append_text(&service->path, "\\Registry\\Machine\\System\\CurrentControlSet\\Services\\");
    RtlAppendUnicodeStringToString(&service->path, &last);
    service->text[service->path.Length / 2] = 0;
    CHECK_STATUS(test_create_key(service->text, &service->key, &disposition), STATUS_SUCCESS);
    CHECK_EQUAL(disposition, REG_CREATED_NEW_KEY);
}

void driver_register(struct test_service *service, PCWSTR name, PCWSTR image_path)
{
    ULONG type = SERVICE_KERNEL_DRIVER, start = SERVICE_DEMAND_START, bytes = 2;

    while (image_path[bytes / 2 - 1])
        bytes += 2;
    driver_create_key(service, name);
    test_set_value(service->key, u"Type", REG_DWORD, &type, sizeof type);
    test_set_value(service->key, u"Start", REG_DWORD, &start, sizeof start);
    test_set_value(service->key, u"ImagePath", REG_EXPAND_SZ, image_path, bytes);
}

void driver_unregister(struct test_service *service)
{
    test_delete_key(service->key);
}

NTSTATUS driver_load(struct test_service *service)
{
    return ZwLoadDriver(&service->path);
}

NTSTATUS driver_unload(struct test_service *service)
{
    return ZwUnloadDriver(&service->path);
}

PVOID driver_object(PCWSTR path)
{
    UNICODE_STRING name;
    PVOID object = NULL;

    RtlInitUnicodeString(&name, path);
    if (!NT_SUCCESS(ObReferenceObjectByName(&name, OBJ_CASE_INSENSITIVE, NULL, 0, NULL, KernelMode,
                                            NULL, &object)))
        return NULL;
    ObDereferenceObject(object);
    return object;
}

PDRIVER_OBJECT driver_start(struct test_service *service)
{
    UNICODE_STRING name = service->path, last;
    WCHAR text[64];
    UNICODE_STRING path = {0, sizeof text, text};

    CHECK_STATUS(driver_load(service), STATUS_SUCCESS);
    do
        last = ob_split(&name);
    while (name.Length);
    rtl_append_text(&path, "\\Driver\\");
    RtlAppendUnicodeStringToString(&path, &last);
    text[path.Length / 2] = 0;
    return driver_object(text);
}

void driver_stop(struct test_service *service)
{
    CHECK_STATUS(driver_unload(service), STATUS_SUCCESS);
    driver_unregister(service);
}

struct driver_mark driver_mark(void)
{
    struct driver_mark mark = {
        .mark = test_mark(),
        .pool_pages = pool_counts().pages,
        .free_frames = frame_counts().free,
    };

    LIST_FOR_EACH(module, &module_drivers, struct module, link)
    mark.images++;
    return mark;
}

/* A check whose place is the caller's. */
#define SAME(what, now, before) selftest_check_equal(now, before, file, line, what)

void driver_check_mark(const struct driver_mark *before, const char *file, int line)
{
    struct driver_mark now = driver_mark();

    SAME("objects", now.mark.objects.objects, before->mark.objects.objects);
    SAME("handles", now.mark.objects.handles, before->mark.objects.handles);
    SAME("types", now.mark.objects.types, before->mark.objects.types);
    SAME("pool blocks", now.mark.blocks, before->mark.blocks);
    SAME("pool bytes", now.mark.bytes, before->mark.bytes);
    SAME("pool pages", now.pool_pages, before->pool_pages);
    SAME("free frames", now.free_frames, before->free_frames);
    SAME("driver images", now.images, before->images);
}
