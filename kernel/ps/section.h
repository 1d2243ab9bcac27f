/*
 * Section objects: memory that can be mapped into processes, of an image file (SEC_IMAGE), a file's
 * bytes (a copy, to be read only) or nothing but pages (SEC_COMMIT without file).
 *
 *     handle -> Section -> segment (ps/segment.h) <- views: ranges of a space (mm/vad.h)
 *
 * A view keeps its segment, whatever becomes of the section. The kernel maps images and does no
 * more: relocating and binding is ntdll's work.
 */
#pragma once

#include "nt/mm.h"
#include "nt/ntstatus.h"
#include "ob/ob.h"

struct process;
struct mm_backing;

extern POBJECT_TYPE section_type; /* named Section; its handles carry SECTION_ rights */

/* Makes the type. After ob_init. */
void section_init(void);

/*
 * An image section of the file `path`, without handle: *section has a pointer for the caller
 * (ObfDereferenceObject). Statuses of NtOpenFile and segment_open_image; each is logged:
 *     [image] name="NAME" status= what="WHY"
 */
NTSTATUS section_create_image(PCUNICODE_STRING path, PVOID *section);

/* What the image says of itself; NULL if the section is none. Lives as long as the section. */
const SECTION_IMAGE_INFORMATION *section_image_information(PVOID section);

/* The image's file name without path. */
void section_image_name(PVOID section, char *name, ULONG size);

/*
 * Maps an image section where it wants to be, or elsewhere; *base is where.
 * STATUS_SUCCESS, STATUS_IMAGE_NOT_AT_BASE (a success: it needs relocation), STATUS_NO_MEMORY. Logs
 *     [image] name=NAME base= size= entry= cr3= process=ID
 */
NTSTATUS section_map_image(PVOID section, struct process *process, ULONG *base);

/* The file object behind a view, or NULL; it stays the segment's. */
PVOID section_backing_file(const struct mm_backing *backing);

/*
 * `allocation` is SEC_IMAGE or SEC_COMMIT. Without file, *maximum is the size; with one for
 * SEC_COMMIT it may be NULL or 0, the file's size. `protect` bounds what views may have; a file can
 * only be mapped to be read or copied on write.
 * STATUS_SUCCESS (*handle), STATUS_OBJECT_NAME_EXISTS; STATUS_INVALID_PARAMETER_6 (allocation);
 * STATUS_INVALID_PAGE_PROTECTION; STATUS_INVALID_FILE_FOR_SECTION (SEC_IMAGE without file);
 * STATUS_INVALID_PARAMETER_4 (no size); STATUS_SECTION_TOO_BIG; STATUS_MAPPED_FILE_SIZE_ZERO;
 * STATUS_ACCESS_DENIED (the file handle's rights, or a file to be written); STATUS_NOT_SUPPORTED
 * (SEC_RESERVE); statuses of pe_open, segment_create, ob_insert_object, handle statuses.
 */
NTSTATUS NTAPI NtCreateSection(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                               PLARGE_INTEGER maximum, ULONG protect, ULONG allocation,
                               HANDLE file);

/* The statuses of ObOpenObjectByName. */
NTSTATUS NTAPI NtOpenSection(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes);

/*
 * Maps *size bytes (0: all behind the offset; an image always as a whole) from *offset on (optional)
 * at *base, or where there is room if that is 0; all three become what was meant.
 * STATUS_SUCCESS, STATUS_IMAGE_NOT_AT_BASE (success); STATUS_INVALID_PARAMETER_3 (base), _4 (zero
 * bits), _8 (inherit), _9 (allocation: MEM_TOP_DOWN or 0); STATUS_INVALID_PAGE_PROTECTION;
 * STATUS_MAPPED_ALIGNMENT (base or offset no multiple of 64 KiB); STATUS_INVALID_VIEW_SIZE;
 * STATUS_SECTION_PROTECTION (more than the section's); STATUS_CONFLICTING_ADDRESSES,
 * STATUS_NO_MEMORY; handle statuses (the section's handle needs the SECTION_MAP_ right that
 * `protect` means; the process's PROCESS_VM_OPERATION).
 */
NTSTATUS NTAPI NtMapViewOfSection(HANDLE section, HANDLE process, PVOID *base, ULONG zero_bits,
                                  SIZE_T commit, PLARGE_INTEGER offset, SIZE_T *size, ULONG inherit,
                                  ULONG allocation, ULONG protect);

/* Unmaps the view that holds `address`: STATUS_SUCCESS, STATUS_NOT_MAPPED_VIEW, handle statuses. */
NTSTATUS NTAPI NtUnmapViewOfSection(HANDLE process, PVOID address);

/*
 * SectionBasicInformation, SectionImageInformation. STATUS_INVALID_INFO_CLASS,
 * STATUS_INFO_LENGTH_MISMATCH, STATUS_SECTION_NOT_IMAGE; handle statuses (SECTION_QUERY).
 */
NTSTATUS NTAPI NtQuerySection(HANDLE handle, ULONG class, PVOID buffer, ULONG length,
                              PULONG returned);
