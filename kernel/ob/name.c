#include "ob/obp.h"

NTSTATUS ob_check_name(PCUNICODE_STRING name)
{
    return name->Length & 1 || name->Length == 0xFFFE ? STATUS_OBJECT_NAME_INVALID : STATUS_SUCCESS;
}

NTSTATUS ob_check_attributes(const OBJECT_ATTRIBUTES *attributes)
{
    if (attributes->Length != sizeof(*attributes))
        return STATUS_INVALID_PARAMETER;
    if (attributes->ObjectName)
        return ob_check_name(attributes->ObjectName);
    return attributes->RootDirectory ? STATUS_OBJECT_NAME_INVALID : STATUS_SUCCESS;
}

static void skip_units(UNICODE_STRING *name, USHORT units)
{
    name->Buffer += units;
    name->Length = (USHORT)(name->Length - 2 * units);
    name->MaximumLength = name->Length;
}

UNICODE_STRING ob_split(UNICODE_STRING *name)
{
    UNICODE_STRING component;
    USHORT units = 0;

    if (name->Length && name->Buffer[0] == '\\')
        skip_units(name, 1);
    component = *name;
    while (units < name->Length / 2 && name->Buffer[units] != '\\')
        units++;
    skip_units(name, units);
    component.Length = component.MaximumLength = (USHORT)(2 * units);
    return component;
}

ULONG ob_hash(PCUNICODE_STRING component)
{
    ULONG hash = 0;

    for (USHORT i = 0; i < component->Length / 2; i++)
        hash = hash * 31 + RtlUpcaseUnicodeChar(component->Buffer[i]);
    return hash % OB_HASH_BUCKETS;
}
