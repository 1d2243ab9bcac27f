/*
 * DOS paths: what kind one is, what it is in full, and its name for the object manager. Pure
 * functions over counted UTF-16 text, free of Windows headers so that they also compile for the host.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum path_kind {
    PATH_RELATIVE,       /* file, .\file */
    PATH_ROOTED,         /* \file: on the current drive */
    PATH_DRIVE_RELATIVE, /* C:file */
    PATH_DRIVE_ABSOLUTE, /* C:\file */
    PATH_UNC,            /* \\server\share\file */
    PATH_DEVICE,         /* \\.\device or \\?\device */
    PATH_ROOT_DEVICE,    /* \\. or \\? alone */
};

enum path_kind path_kind(const uint16_t *path);

/*
 * Does the path's last component name a device of every DOS directory (CON, NUL, AUX, PRN, COM1 to
 * COM9, LPT1 to LPT9, whatever the case, with a colon or an extension behind)? Returns where that
 * name begins and its length, or NULL.
 */
const uint16_t *path_dos_device(const uint16_t *path, size_t *length);

/* The units that path_full needs at most for these two, NUL included. */
size_t path_room(const uint16_t *directory, const uint16_t *path);

/*
 * Writes the full form of path (not empty) to buffer, NUL-terminated, and returns its length
 * without the NUL: seen from the directory ("C:\" or "C:\x", absolute), with backslashes only, none
 * of them doubled, . and .. resolved, dots and blanks at its end gone. On another drive than the
 * directory's, relative means its root. A DOS device becomes \\.\NAME.
 */
size_t path_full(const uint16_t *directory, const uint16_t *path, uint16_t *buffer);

/* The part behind the last backslash of a full path; NULL if it ends with one. */
uint16_t *path_file_part(uint16_t *full);

/* What path_to_nt adds to a path at most, NUL included. */
#define PATH_NT_ROOM 8

/*
 * Writes the object manager's name of a full path, \??\C:\file, \??\device, \??\UNC\server\share,
 * NUL-terminated, and returns its length without the NUL.
 */
size_t path_to_nt(const uint16_t *full, uint16_t *buffer);
