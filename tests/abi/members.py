"""Run inside gdb: prints every member of the structures and unions named in $TAGS, one dotted path
a line, as the compiler's debug information has them. A member of a nameless structure is listed
beside the structure's own; a member with a named type is not opened, its type has its own lines."""
import os

import gdb

AGGREGATES = (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION)


def members(aggregate, prefix):
    for field in aggregate.fields():
        path = prefix + (field.name or "")
        inner = field.type.strip_typedefs()
        if field.name:
            yield path
        if inner.code in AGGREGATES and inner.tag is None:
            yield from members(inner, path + "." if field.name else prefix)


for tag in os.environ["TAGS"].split():
    kind, name = tag.split("/")
    for path in members(gdb.lookup_type(f"{kind} {name}"), ""):
        print(f"MEMBER {name[1:]} {path}")
