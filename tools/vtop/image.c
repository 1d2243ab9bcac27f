#include "image.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* QEMU's note of a CPU (target/i386/arch_dump.c, QEMUCPUState): version and size of 32 bits, 16
 * registers, RIP and RFLAGS of 64, ten segments of 24 bytes, CR0 to CR4 of 64. */
enum {
    NOTE_SIZE = 4,
    NOTE_RFLAGS = 144,
    NOTE_CR0 = 392,
    NOTE_CR3 = 416,
    NOTE_CR4 = 424,
    NOTE_END = 432
};

static ULONG word_at(const unsigned char *bytes)
{
    ULONG word;

    memcpy(&word, bytes, sizeof word);
    return word;
}

static const char *add_piece(struct image *image, ULONGLONG physical, ULONGLONG offset,
                             ULONGLONG bytes)
{
    if (!bytes)
        return NULL;
    if (offset > image->size || bytes > image->size - offset)
        return "the core is shorter than its program headers say";
    if (image->piece_count == IMAGE_PIECES)
        return "the core has more segments than vtop takes";
    image->pieces[image->piece_count++] = (struct image_piece){physical, bytes, offset};
    return NULL;
}

static const char *add_cpu(struct image *image, const unsigned char *state, size_t bytes)
{
    if (bytes < NOTE_END || word_at(state + NOTE_SIZE) < NOTE_END)
        return "the core's note of a CPU is too short";
    if (image->cpu_count == IMAGE_CPUS)
        return "the core has more CPUs than vtop takes";
    image->cpus[image->cpu_count++] =
        (struct walk_registers){.cr0 = word_at(state + NOTE_CR0),
                                .cr3 = word_at(state + NOTE_CR3),
                                .cr4 = word_at(state + NOTE_CR4),
                                .eflags = word_at(state + NOTE_RFLAGS)};
    return NULL;
}

static size_t aligned(size_t bytes)
{
    return (bytes + 3) & ~(size_t)3;
}

/* Notes: header, name, description, each of them padded to 4 bytes. */
static const char *read_notes(struct image *image, ULONGLONG offset, ULONGLONG bytes)
{
    const unsigned char *at = image->bytes + offset, *end;
    const char *wrong = NULL;

    if (offset > image->size || bytes > image->size - offset)
        return "the core's notes are cut off";
    for (end = at + bytes; !wrong && (size_t)(end - at) >= sizeof(Elf32_Nhdr);) {
        Elf32_Nhdr note;
        size_t name, description, left = (size_t)(end - at) - sizeof note;

        memcpy(&note, at, sizeof note);
        name = aligned(note.n_namesz);
        description = aligned(note.n_descsz);
        at += sizeof note;
        if (name > left || description > left - name)
            return "a note of the core is cut off";
        if (note.n_namesz == sizeof "QEMU" && !memcmp(at, "QEMU", sizeof "QEMU") && !note.n_type)
            wrong = add_cpu(image, at + name, note.n_descsz);
        at += name + description;
    }
    return wrong;
}

static const char *read_segment(struct image *image, ULONG type, ULONGLONG offset,
                                ULONGLONG physical, ULONGLONG bytes)
{
    if (type == PT_LOAD)
        return add_piece(image, physical, offset, bytes);
    return type == PT_NOTE ? read_notes(image, offset, bytes) : NULL;
}

#define READ_CORE(bits)                                                                            \
    static const char *read_core##bits(struct image *image)                                        \
    {                                                                                              \
        const char *wrong = NULL;                                                                  \
        Elf##bits##_Ehdr header;                                                                   \
        Elf##bits##_Phdr segment;                                                                  \
                                                                                                   \
        if (image->size < sizeof header)                                                           \
            return "the core is shorter than an ELF header";                                       \
        memcpy(&header, image->bytes, sizeof header);                                              \
        if (header.e_type != ET_CORE || header.e_phentsize != sizeof segment)                      \
            return "it is an ELF file, but no core of a machine's memory";                         \
        if (header.e_phoff > image->size ||                                                        \
            header.e_phnum * sizeof segment > image->size - header.e_phoff)                        \
            return "the core's program headers are cut off";                                       \
        for (unsigned i = 0; !wrong && i < header.e_phnum; i++) {                                  \
            memcpy(&segment, image->bytes + header.e_phoff + i * sizeof segment, sizeof segment);  \
            wrong = read_segment(image, segment.p_type, segment.p_offset, segment.p_paddr,         \
                                 segment.p_filesz);                                                \
        }                                                                                          \
        return wrong;                                                                              \
    }
READ_CORE(32)
READ_CORE(64)

static const char *read_core(struct image *image)
{
    const char *wrong;

    if (image->size <= EI_DATA || image->bytes[EI_DATA] != ELFDATA2LSB)
        return "the core is not of a little-endian machine";
    wrong = image->bytes[EI_CLASS] == ELFCLASS64 ? read_core64(image) : read_core32(image);
    if (!wrong && !image->piece_count)
        return "the core has no memory";
    return wrong;
}

static const char *map(struct image *image, int file)
{
    struct stat status;
    void *bytes;

    if (fstat(file, &status))
        return strerror(errno);
    if (!S_ISREG(status.st_mode))
        return "it is no plain file";
    if (!status.st_size)
        return "the file is empty";
    image->size = (size_t)status.st_size;
    bytes = mmap(NULL, image->size, PROT_READ, MAP_PRIVATE, file, 0);
    if (bytes == MAP_FAILED)
        return strerror(errno);
    image->bytes = bytes;
    return NULL;
}

const char *image_open(struct image *image, const char *path)
{
    int file = open(path, O_RDONLY);
    const char *wrong;

    memset(image, 0, sizeof *image);
    if (file < 0)
        return strerror(errno);
    wrong = map(image, file);
    close(file);
    if (wrong)
        return wrong;
    if (image->size > SELFMAG && !memcmp(image->bytes, ELFMAG, SELFMAG))
        return read_core(image);
    if (image->size % PAGE_SIZE)
        return "it is neither an ELF core nor whole pages of raw memory";
    return add_piece(image, 0, 0, image->size);
}

void image_close(struct image *image)
{
    if (image->bytes)
        munmap((void *)image->bytes, image->size);
    image->bytes = NULL;
}

static BOOLEAN read_piece(const void *context, ULONGLONG physical, ULONG bytes, ULONGLONG *entry)
{
    const struct image *image = context;

    for (ULONG i = 0; i < image->piece_count; i++) {
        const struct image_piece *piece = &image->pieces[i];

        if (physical < piece->physical || physical - piece->physical >= piece->bytes ||
            piece->bytes - (physical - piece->physical) < bytes)
            continue;
        *entry = 0;
        memcpy(entry, image->bytes + piece->offset + (physical - piece->physical), bytes);
        return TRUE;
    }
    return FALSE;
}

struct walk_memory image_memory(const struct image *image)
{
    struct walk_memory memory = {.read = read_piece, .context = image};

    if (!image->cpu_count && image->piece_count == 1 && !image->pieces[0].offset) {
        memory.direct = image->bytes;
        memory.direct_bytes = image->size & ~7ull;
    }
    return memory;
}
