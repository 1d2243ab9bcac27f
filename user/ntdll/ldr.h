/*
 * The loader's own parts: modules, their lists, mapping, binding, thread-local storage, the calls of
 * entry points. All of it runs under the loader's lock, which PEB+A0h names.
 *
 *     ldr_find         is it here?                      ldr_module.c
 *     ldr_map          file, section, view, relocation  ldr_map.c
 *     ldr_load         ldr_map and all that it imports  ldr_load.c
 *     ldr_attach       TLS and DLL_PROCESS_ATTACH       ldr_attach.c, ldr_tls.c
 *     ldr_release      DLL_PROCESS_DETACH, unmapped     ldr_unload.c
 */
#pragma once

#include "ntdll/private.h"
#include "ps/pe.h"
#include "rtl/list.h"

/* Flags of a loader entry (Windows 2000's values). */
#define LDR_STATIC_LINK           0x00000002u
#define LDR_IMAGE_DLL             0x00000004u
#define LDR_ENTRY_PROCESSED       0x00004000u /* its imports are bound, it is in the third list */
#define LDR_NO_THREAD_CALLS       0x00040000u
#define LDR_PROCESS_ATTACH_CALLED 0x00080000u
#define LDR_IMAGE_NOT_AT_BASE     0x00200000u

/* Stays until the process ends. */
#define LDR_PINNED 0xFFFFu

/* The number of slot that says: no thread-local data. */
#define LDR_NO_SLOT 0xFFFFu

#define LDR_NAME_UNITS 64

/* A module: the entry that the PEB's lists hold, and what the loader alone knows. */
struct ldr_module {
    struct nt_loader_entry entry;
    struct pe_file file;
    struct pe_image image;
    struct pe_tls tls;
    struct ldr_module **needs; /* modules that it is bound to, on the heap */
    ULONG need_count, need_room;
    BOOLEAN visited; /* by ldr_for_closure */
    WCHAR path[LDR_NAME_UNITS];
};

/* What went wrong, for whoever tells the user. */
struct ldr_failure {
    WCHAR image[LDR_NAME_UNITS]; /* the image that could not be loaded or bound */
    struct pe_error error;
};

extern struct nt_loader_data ldr_data;
extern struct ldr_module *ldr_program; /* not in the third list */
extern RTL_CRITICAL_SECTION ldr_lock;

/* ---- Modules (ldr_module.c) ---- */

/* The module whose entry's link in the initialisation list this is. */
struct ldr_module *ldr_from_initialization(LIST_ENTRY *link);

/*
 * Describes an image that lies at `base` and puts it into the first two lists. `path` is copied; its
 * last component is the module's name. STATUS_NO_MEMORY, or a status of pe_describe.
 */
NTSTATUS ldr_add(PVOID base, SIZE_T mapped, PCUNICODE_STRING path, struct ldr_module **module,
                 struct pe_error *error);

/* Takes it out of the lists and frees the record; the image stays mapped. */
void ldr_remove(struct ldr_module *module);

/* The module of that name (no path, any case), or at that base; NULL if there is none. */
struct ldr_module *ldr_find(PCUNICODE_STRING name);
struct ldr_module *ldr_find_base(PVOID base);

/* Notes that one module is bound to another; once is enough. STATUS_NO_MEMORY. */
NTSTATUS ldr_note_need(struct ldr_module *module, struct ldr_module *needed);

/* Calls `visit` for a module and, once each, for all that it needs, directly or not. */
void ldr_for_closure(struct ldr_module *module, void (*visit)(struct ldr_module *));

/* ---- Names ---- */

/*
 * The name that a library goes by: the last component, in `buffer` of LDR_NAME_UNITS, with ".dll"
 * behind a name without a dot, and without a dot at its end. STATUS_OBJECT_NAME_INVALID if it is
 * empty or too long.
 */
NTSTATUS ldr_base_name(PCUNICODE_STRING library, WCHAR *buffer, PUNICODE_STRING name);

/* ---- Loading ---- */

/*
 * Maps C:\<name> and relocates it. The module is in the first two lists.
 * STATUS_DLL_NOT_FOUND if there is no such file, otherwise the failing service's or pe call's status.
 */
NTSTATUS ldr_map(PCUNICODE_STRING name, struct ldr_module **module, struct ldr_failure *failure);

/*
 * The module of that name, mapped and bound with all that it needs if it was not here. No counts
 * are changed and nothing is initialised. On failure *failure tells why; ldr_sweep then takes away
 * what was loaded on the way.
 */
NTSTATUS ldr_load(PCUNICODE_STRING name, struct ldr_module **module, struct ldr_failure *failure);

/* Binds a module that is mapped; puts a library into the third list behind all that it needs. */
NTSTATUS ldr_bind(struct ldr_module *module, struct ldr_failure *failure);

/*
 * Finds an export's address, by name, or by ordinal if `name` is NULL. Forwarders are followed,
 * which may load libraries; `importer` (NULL: nobody) notes them.
 */
NTSTATUS ldr_find_export(struct ldr_module *module, const char *name, ULONG ordinal,
                         struct ldr_module *importer, struct ldr_failure *failure, PVOID *address);

/* ---- Entry points ---- */

/* Calls an entry point or TLS callback and survives one that takes the wrong arguments off. */
BOOLEAN ldr_call(PVOID routine, PVOID base, ULONG reason, PVOID reserved);

/*
 * Calls DLL_PROCESS_ATTACH of every module that is bound and was not called yet, in the order of
 * the third list. STATUS_DLL_INIT_FAILED if one refuses, which *refused then names.
 */
NTSTATUS ldr_attach_all(PVOID reserved, struct ldr_module **refused);

/* Calls DLL_PROCESS_DETACH, if it was attached. */
void ldr_detach(struct ldr_module *module, PVOID reserved);

/* Tells all modules of a thread's beginning or end. */
void ldr_call_thread(ULONG reason);

/* ---- Thread-local storage (ldr_tls.c) ---- */

/* Gives a module with a TLS directory its slot, in every thread. STATUS_NO_MEMORY. */
NTSTATUS ldr_tls_add(struct ldr_module *module, struct pe_error *error);
void ldr_tls_remove(struct ldr_module *module);

/* Makes and ends this thread's copies. */
NTSTATUS ldr_tls_begin_thread(void);
void ldr_tls_end_thread(void);

/* Calls the module's TLS callbacks. */
void ldr_tls_call(struct ldr_module *module, ULONG reason, PVOID reserved);

/* ---- Unloading (ldr_unload.c) ---- */

/* Counts a module, and all that it needs, once more or once less. */
void ldr_reference(struct ldr_module *module);
void ldr_dereference(struct ldr_module *module);

/* Makes a module, and all that it needs, stay. */
void ldr_pin(struct ldr_module *module);

/* Detaches and unmaps all modules that nobody counts, last initialised first. */
void ldr_sweep(void);
