/* Writes the built images as files for the fuzzer to begin with: `seeds FOLDER`. */
#include "../unit/pe_builder.h"
#include "../unit/unit.h"

static int write_seed(const char *folder, const char *name, struct built built)
{
    char path[512];
    FILE *stream;
    int failed;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    stream = fopen(path, "wb");
    failed = !stream || fwrite(built.bytes, 1, built.size, stream) != built.size;
    if (stream)
        failed |= fclose(stream);
    if (failed)
        perror(path);
    built_free(&built);
    return failed;
}

/* The good image, shortened to what the headers need: quicker to mutate. */
static struct built build_small(void)
{
    struct built built = build_image();

    built.nt->FileHeader.NumberOfSections = 1;
    built.nt->OptionalHeader.SizeOfImage = DATA_RVA;
    for (int i = 0; i < IMAGE_NUMBEROF_DIRECTORIES; i++)
        built.nt->OptionalHeader.DataDirectory[i] = (IMAGE_DATA_DIRECTORY){0, 0};
    built.size = 0x600;
    return built;
}

int main(int count, char **arguments)
{
    if (count != 2)
        return 2;
    return write_seed(arguments[1], "normal", build_image()) |
           write_seed(arguments[1], "flat", build_flat()) |
           write_seed(arguments[1], "small", build_small());
}
