#include "path.h"

/* Text that is being written; what is never climbed above are its first root units. */
struct output {
    uint16_t *buffer;
    size_t used, root;
};

static void put(struct output *out, uint16_t c)
{
    out->buffer[out->used++] = c;
}

static void put_ascii(struct output *out, const char *text)
{
    while (*text)
        put(out, (uint16_t)*text++);
}

static void put_text(struct output *out, const uint16_t *text, size_t length)
{
    while (length--)
        put(out, *text++);
}

static size_t finish(struct output *out)
{
    out->buffer[out->used] = 0;
    return out->used;
}

static size_t length_of(const uint16_t *text)
{
    size_t n = 0;

    while (text[n])
        n++;
    return n;
}

static bool is_separator(uint16_t c)
{
    return c == '\\' || c == '/';
}

static uint16_t upper(uint16_t c)
{
    return c >= 'a' && c <= 'z' ? (uint16_t)(c - 32) : c;
}

/* ---- Kinds ---- */

static enum path_kind double_separator_kind(const uint16_t *path)
{
    if (path[2] != '.' && path[2] != '?')
        return PATH_UNC;
    if (is_separator(path[3]))
        return PATH_DEVICE;
    return path[3] ? PATH_UNC : PATH_ROOT_DEVICE;
}

enum path_kind path_kind(const uint16_t *path)
{
    if (is_separator(path[0]))
        return is_separator(path[1]) ? double_separator_kind(path) : PATH_ROOTED;
    if (path[0] && path[1] == ':')
        return is_separator(path[2]) ? PATH_DRIVE_ABSOLUTE : PATH_DRIVE_RELATIVE;
    return PATH_RELATIVE;
}

/* ---- DOS devices ---- */

static bool equals(const uint16_t *text, size_t length, const char *name)
{
    for (; length && *name; length--)
        if (upper(*text++) != (uint16_t)*name++)
            return false;
    return length == 0 && !*name;
}

static bool is_device_name(const uint16_t *name, size_t length)
{
    static const char *const plain[] = {"CON", "NUL", "AUX", "PRN"};

    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (equals(name, length, plain[i]))
            return true;
    return length == 4 && name[3] >= '1' && name[3] <= '9' &&
           (equals(name, 3, "COM") || equals(name, 3, "LPT"));
}

static const uint16_t *last_component(const uint16_t *path)
{
    const uint16_t *last = path_kind(path) == PATH_DRIVE_RELATIVE ? path + 2 : path;

    for (const uint16_t *p = last; *p; p++)
        if (is_separator(*p))
            last = p + 1;
    return last;
}

const uint16_t *path_dos_device(const uint16_t *path, size_t *length)
{
    const uint16_t *name = last_component(path);
    size_t n = 0;

    if (path_kind(path) >= PATH_UNC)
        return NULL;
    while (name[n] && name[n] != '.' && name[n] != ':')
        n++;
    while (n && name[n - 1] == ' ')
        n--;
    *length = n;
    return is_device_name(name, n) ? name : NULL;
}

/* ---- The full form ---- */

/* "\\server\share\" from behind the two backslashes; returns what is left. */
static const uint16_t *put_share(struct output *out, const uint16_t *path)
{
    for (int names = 2; names; names--) {
        while (is_separator(*path))
            path++;
        while (*path && !is_separator(*path))
            put(out, *path++);
        if (is_separator(*path))
            put(out, '\\');
    }
    return path;
}

/* "\\.\" from the character behind the two backslashes; returns what is left. */
static const uint16_t *put_device_root(struct output *out, const uint16_t *path)
{
    put(out, *path++);
    if (!*path)
        return path;
    put(out, '\\');
    return path + 1;
}

/* Writes the root of an absolute path and returns what is left of the path. */
static const uint16_t *put_root(struct output *out, const uint16_t *path)
{
    enum path_kind kind = path_kind(path);

    if (kind == PATH_DRIVE_ABSOLUTE) {
        put(out, path[0]);
        put_ascii(out, ":\\");
        path += 3;
    } else {
        put_ascii(out, "\\\\");
        path = kind == PATH_UNC ? put_share(out, path + 2) : put_device_root(out, path + 2);
    }
    out->root = out->used;
    return path;
}

/* Takes the last component away. */
static void climb(struct output *out)
{
    if (out->used > out->root)
        out->used--; /* the backslash behind it */
    while (out->used > out->root && out->buffer[out->used - 1] != '\\')
        out->used--;
}

static bool is_dots(const uint16_t *name, size_t length, size_t dots)
{
    return length == dots && name[0] == '.' && name[length - 1] == '.';
}

/* One component; dots at its end do not count, as DOS has it. */
static void put_component(struct output *out, const uint16_t *name, size_t length, bool separator)
{
    if (is_dots(name, length, 2)) {
        climb(out);
        return;
    }
    while (length && name[length - 1] == '.')
        length--;
    put_text(out, name, length);
    if (separator && length)
        put(out, '\\');
}

static void put_components(struct output *out, const uint16_t *path)
{
    if (out->used > out->root && out->buffer[out->used - 1] != '\\')
        put(out, '\\');
    while (*path) {
        size_t length = 0;

        while (path[length] && !is_separator(path[length]))
            length++;
        if (length)
            put_component(out, path, length, path[length] != 0);
        path += length + (path[length] != 0);
    }
}

/* The directory that a path without drive or with another drive is seen from. */
static void put_directory(struct output *out, const uint16_t *directory, const uint16_t *path,
                          enum path_kind kind)
{
    const uint16_t root[] = {path[0], ':', '\\', 0};

    if (kind == PATH_DRIVE_RELATIVE && upper(directory[0]) != upper(path[0]))
        directory = root;
    directory = put_root(out, directory);
    if (kind != PATH_ROOTED)
        put_components(out, directory);
}

/* Blanks and dots at the very end belong to no name. */
static void trim_end(struct output *out)
{
    while (out->used > out->root &&
           (out->buffer[out->used - 1] == ' ' || out->buffer[out->used - 1] == '.'))
        out->used--;
}

static size_t put_dos_device(struct output *out, const uint16_t *name, size_t length)
{
    put_ascii(out, "\\\\.\\");
    put_text(out, name, length);
    return finish(out);
}

size_t path_room(const uint16_t *directory, const uint16_t *path)
{
    return length_of(directory) + length_of(path) + sizeof "\\\\.\\ \\";
}

size_t path_full(const uint16_t *directory, const uint16_t *path, uint16_t *buffer)
{
    struct output out = {buffer, 0, 0};
    enum path_kind kind = path_kind(path);
    size_t length;
    const uint16_t *device = path_dos_device(path, &length);

    if (device)
        return put_dos_device(&out, device, length);
    if (kind < PATH_DRIVE_ABSOLUTE)
        put_directory(&out, directory, path, kind);
    else
        path = put_root(&out, path);
    put_components(&out, kind == PATH_DRIVE_RELATIVE ? path + 2 : path);
    if (kind < PATH_DEVICE)
        trim_end(&out);
    return finish(&out);
}

uint16_t *path_file_part(uint16_t *full)
{
    uint16_t *part = (uint16_t *)last_component(full);

    return *part ? part : NULL;
}

/* ---- The object manager's name ---- */

size_t path_to_nt(const uint16_t *full, uint16_t *buffer)
{
    struct output out = {buffer, 0, 0};
    enum path_kind kind = path_kind(full);
    size_t skip = kind == PATH_UNC ? 2 : kind == PATH_DEVICE ? 4 : kind == PATH_ROOT_DEVICE ? 3 : 0;

    put_ascii(&out, kind == PATH_UNC ? "\\??\\UNC\\" : "\\??\\");
    put_text(&out, full + skip, length_of(full + skip));
    return finish(&out);
}
