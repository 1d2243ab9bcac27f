/*
 * The object manager's names and handles, for the programs that show them: what of the native calls
 * mingw-w64's headers leave out, and the steps that these programs share. Statuses are the calls'.
 */
#pragma once

#include "common/native.h"

NTSTATUS NTAPI NtQueryDirectoryObject(HANDLE directory, PVOID buffer, ULONG bytes,
                                      BOOLEAN single_entry, BOOLEAN restart, PULONG context,
                                      PULONG returned);
NTSTATUS NTAPI NtOpenSymbolicLinkObject(PHANDLE handle, ACCESS_MASK access,
                                        POBJECT_ATTRIBUTES where);
NTSTATUS NTAPI NtQuerySymbolicLinkObject(HANDLE link, PUNICODE_STRING target, PULONG returned);
NTSTATUS NTAPI NtOpenProcess(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                             CLIENT_ID *id);
NTSTATUS NTAPI NtOpenEvent(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where);
NTSTATUS NTAPI NtOpenMutant(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where);
NTSTATUS NTAPI NtOpenSemaphore(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where);
NTSTATUS NTAPI NtOpenTimer(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where);
NTSTATUS NTAPI NtOpenSection(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES where);
NTSTATUS NTAPI NtSetSystemInformation(ULONG class, PVOID data, ULONG bytes);

#define OBJECTS_NAME_SIZE 260 /* characters of a name or a target, with the NUL */

/* One name in a directory. */
struct objects_entry {
    char name[OBJECTS_NAME_SIZE];
    char type[32];
};

/* Narrows counted text into to[size]: code page 437, cut, NUL-terminated. */
void objects_narrow(const UNICODE_STRING *wide, char *to, int size);

typedef NTSTATUS(NTAPI *objects_open_call)(PHANDLE handle, ACCESS_MASK access,
                                           POBJECT_ATTRIBUTES where);

/* Opens by a full name; the last component may be a link that is followed by calls that do so. */
NTSTATUS objects_open(objects_open_call call, const char *name, ACCESS_MASK access, PHANDLE handle);

/* Gives each name in a directory to `entry`, in the directory's order. */
NTSTATUS objects_list(const char *directory,
                      void (*entry)(void *context, const struct objects_entry *entry),
                      void *context);

/* What a link stands for, into target[OBJECTS_NAME_SIZE]. */
NTSTATUS objects_link_target(const char *link, char *target);

/* What a handle's object counts, without this handle and the question itself. */
struct objects_counts {
    ULONG references, handles;
    BOOLEAN permanent;
    LARGE_INTEGER created; /* 0: not kept */
};

NTSTATUS objects_counts(HANDLE handle, struct objects_counts *counts);
