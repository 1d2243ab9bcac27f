#include "qmp.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE 60 /* seconds for an answer */

static char problem[512];

struct session {
    FILE *in, *out;
    char *line; /* the last answer */
    size_t room;
};

static const char *fail(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(problem, sizeof problem, format, arguments);
    va_end(arguments);
    return problem;
}

/* The next line that begins as wanted, or an error; events between are passed over. */
static const char *await(struct session *session, const char *begin)
{
    while (getline(&session->line, &session->room, session->in) > 0) {
        if (!strncmp(session->line, begin, strlen(begin)))
            return NULL;
        if (!strncmp(session->line, "{\"error\"", 8))
            return fail("QEMU refuses: %.400s", session->line);
    }
    return fail("there is no QMP answer on the socket");
}

static const char *ask(struct session *session, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vfprintf(session->out, format, arguments);
    va_end(arguments);
    fputc('\n', session->out);
    if (fflush(session->out))
        return fail("QEMU closed the connection");
    return await(session, "{\"return\"");
}

static const char *connect_to(struct session *session, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct timeval limit = {.tv_sec = PATIENCE};
    int descriptor = socket(AF_UNIX, SOCK_STREAM, 0), second;

    if (strlen(path) >= sizeof address.sun_path)
        return fail("the socket's path is too long");
    strcpy(address.sun_path, path);
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address)) {
        int error = errno;

        if (descriptor >= 0)
            close(descriptor);
        return fail("%s", strerror(error));
    }
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    second = dup(descriptor);
    session->in = fdopen(descriptor, "r");
    session->out = second < 0 ? NULL : fdopen(second, "w");
    if (!session->in || !session->out)
        return fail("%s", strerror(errno));
    if (await(session, "{\"QMP\""))
        return problem;
    return ask(session, "{\"execute\":\"qmp_capabilities\"}");
}

static void disconnect(struct session *session)
{
    if (session->in)
        fclose(session->in);
    if (session->out)
        fclose(session->out);
    free(session->line);
}

/* EFER of each CPU, as `info registers -a` prints it: one EFER= for a CPU. */
static const char *take_efer(struct session *session, ULONG *efer)
{
    const char *at;
    const char *wrong = ask(session, "{\"execute\":\"human-monitor-command\",\"arguments\":"
                                     "{\"command-line\":\"info registers -a\"}}");

    if (wrong)
        return wrong;
    at = session->line;
    for (ULONG i = 0; i < IMAGE_CPUS && (at = strstr(at, "EFER=")); i++, at++)
        efer[i] = (ULONG)strtoull(at + 5, NULL, 16);
    return NULL;
}

/* The first CPU's: QEMU's are all alike. */
static const char *take_physical_bits(struct session *session, ULONG *bits)
{
    char path[256] = "";
    const char *at, *wrong = ask(session, "{\"execute\":\"query-cpus-fast\"}");

    if (wrong)
        return wrong;
    at = strstr(session->line, "\"qom-path\": \"");
    if (!at || sscanf(at + 13, "%255[^\"]", path) != 1)
        return fail("QEMU does not say where its CPU is");
    wrong = ask(session,
                "{\"execute\":\"qom-get\",\"arguments\":{\"path\":\"%s\","
                "\"property\":\"phys-bits\"}}",
                path);
    if (!wrong)
        *bits = (ULONG)strtoul(session->line + strlen("{\"return\": "), NULL, 10);
    return wrong;
}

static const char *dump(struct session *session, struct image *image)
{
    const char *base = getenv("TMPDIR"), *wrong;
    char folder[256], file[300];

    if (snprintf(folder, sizeof folder, "%s/vtop-XXXXXX", base && *base ? base : "/tmp") >=
            (int)sizeof folder ||
        !mkdtemp(folder))
        return fail("there is no place for a temporary file: %s", strerror(errno));
    snprintf(file, sizeof file, "%s/core", folder);
    wrong = ask(session,
                "{\"execute\":\"dump-guest-memory\",\"arguments\":{\"paging\":false,"
                "\"protocol\":\"file:%s\"}}",
                file);
    if (!wrong)
        wrong = image_open(image, file);
    unlink(file);
    rmdir(folder);
    return wrong;
}

static const char *capture(struct session *session, struct image *image)
{
    ULONG efer[IMAGE_CPUS] = {0}, bits = 0;
    const char *wrong = take_efer(session, efer);

    if (!wrong)
        wrong = take_physical_bits(session, &bits);
    if (!wrong)
        wrong = dump(session, image);
    for (ULONG i = 0; !wrong && i < image->cpu_count; i++) {
        image->cpus[i].efer = efer[i];
        image->cpus[i].maxphyaddr = bits;
    }
    return wrong;
}

const char *qmp_open(struct image *image, const char *socket_path)
{
    struct session session = {0};
    const char *wrong = connect_to(&session, socket_path);
    BOOLEAN running;

    if (!wrong)
        wrong = ask(&session, "{\"execute\":\"query-status\"}");
    running = !wrong && strstr(session.line, "\"running\": true");
    if (running)
        wrong = ask(&session, "{\"execute\":\"stop\"}");
    if (!wrong)
        wrong = capture(&session, image);
    if (running && ask(&session, "{\"execute\":\"cont\"}") && !wrong)
        wrong = problem;
    disconnect(&session);
    return wrong;
}
