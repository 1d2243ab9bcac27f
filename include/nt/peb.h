/*
 * What a process finds in its own space: TEB, PEB, loader lists, parameters, shared user data. The
 * layouts are Windows 2000's as far as members are named here (tests/abi checks the offsets); what
 * nobody here uses is left out as bytes. Kernel code includes nt/ntdef.h first, programs <windows.h>
 * and <winternl.h>; the tags begin with nt_ because those headers have types of their own.
 */
#pragma once

#include "nt/ntdef.h"

#define NT_SHARED_DATA    0x7FFE0000u /* read-only in ring 3 */
#define NT_PEB            0x7FFDF000u
#define NT_FIRST_TEB      0x7FFDE000u /* further ones below, a page each */
#define NT_SYSCALL_SLOT   0x7FFE0300u /* the address of ntdll's way into the kernel */
#define NT_SYSCALL_RETURN 0x7FFE0304u /* where sysexit returns to: KiFastSystemCallRet */

struct nt_client_id {
    HANDLE process, thread;
};

/* NT_TIB and what follows; FS points here in ring 3. */
struct nt_teb {
    PVOID exception_list; /* 0 */
    PVOID stack_base;     /* 4: the first byte above the stack */
    PVOID stack_limit;    /* 8: the lowest committed page that is no guard page */
    PVOID subsystem_tib;
    PVOID fiber_data;
    PVOID arbitrary_user_pointer;
    struct nt_teb *self; /* 18h */
    PVOID environment_pointer;
    struct nt_client_id client_id; /* 20h */
    PVOID active_rpc_handle;
    PVOID *tls_pointer;            /* 2Ch: for __declspec(thread) */
    struct nt_peb *peb;            /* 30h */
    ULONG last_error;              /* 34h */
    ULONG owned_critical_sections; /* 38h */
    UCHAR unused_3C[0xC4 - 0x3C];
    ULONG current_locale; /* C4h */
    UCHAR unused_C8[0xE0C - 0xC8];
    PVOID deallocation_stack; /* E0Ch: where the stack's reservation begins */
    PVOID tls_slots[64];      /* E10h: TlsAlloc */
    LIST_ENTRY tls_links;     /* F10h */
};

struct nt_loader_data {
    ULONG length;
    UCHAR initialized, padding[3];
    PVOID ss_handle;
    LIST_ENTRY in_load_order, in_memory_order, in_initialization_order; /* Ch, 14h, 1Ch */
};

struct nt_loader_entry {
    LIST_ENTRY in_load_order, in_memory_order, in_initialization_order;
    PVOID base, entry_point; /* 18h, 1Ch */
    ULONG image_size;
    UNICODE_STRING full_name, base_name; /* 24h, 2Ch */
    ULONG flags;
    USHORT load_count, tls_index; /* 38h; a count of FFFFh is never taken down */
    LIST_ENTRY hash_links;
    ULONG time_date_stamp;
};

/* All strings lie behind the record, in one allocation; their Buffers are addresses there. */
struct nt_process_parameters {
    ULONG maximum_length, length; /* bytes, strings included */
    ULONG flags, debug_flags;
    HANDLE console; /* 10h: a handle to \Device\Console, NULL: none */
    ULONG console_flags;
    HANDLE std_input, std_output, std_error; /* 18h */
    UNICODE_STRING current_directory;        /* 24h: "C:\" */
    HANDLE current_directory_handle;
    UNICODE_STRING dll_path;                                   /* 30h */
    UNICODE_STRING image_path;                                 /* 38h: "C:\VirtToPhys.exe" */
    UNICODE_STRING command_line;                               /* 40h */
    PWSTR environment;                                         /* 48h: "A=1\0B=2\0\0" */
    ULONG window_values[9];                                    /* 4Ch: STARTUPINFO's numbers */
    UNICODE_STRING window_title, desktop, shell, runtime_data; /* 70h */
};

struct nt_peb {
    UCHAR inherited_address_space, read_image_options, being_debugged, spare;
    HANDLE mutant;
    PVOID image_base;                         /* 8 */
    struct nt_loader_data *loader;            /* Ch */
    struct nt_process_parameters *parameters; /* 10h */
    PVOID subsystem_data;
    PVOID process_heap; /* 18h */
    PVOID fast_lock, fast_lock_routine, fast_unlock_routine;
    ULONG environment_update_count;
    PVOID kernel_callbacks;
    ULONG unused_30[3];
    ULONG tls_expansion_counter;
    PVOID tls_bitmap; /* 40h */
    ULONG tls_bitmap_bits[2];
    ULONG unused_4C[6];
    ULONG processors; /* 64h */
    ULONG global_flag;
    ULONG unused_6C[7];
    ULONG heap_count, maximum_heaps; /* 88h */
    PVOID *heaps;
    ULONG unused_94[3];
    PVOID loader_lock;        /* A0h */
    ULONG os_major, os_minor; /* A4h: 5, 0 */
    USHORT os_build, os_csd;  /* ACh: 2195 */
    ULONG os_platform;        /* B0h: 2 */
    ULONG image_subsystem;    /* B4h */
    ULONG image_subsystem_major, image_subsystem_minor;
};

/* 64 bits that a reader without a lock takes: high1, low, high2 until both highs are equal. */
struct nt_system_time {
    ULONG low;
    LONG high1, high2;
};

struct nt_shared_data {
    ULONG tick_count_low;                       /* 0 */
    ULONG tick_count_multiplier;                /* 4: milliseconds of a tick, 8.24 fixed point */
    struct nt_system_time interrupt_time;       /* 8: 100 ns since boot */
    struct nt_system_time system_time;          /* 14h: 100 ns since 1601 */
    struct nt_system_time time_zone_bias;       /* 20h */
    USHORT image_number_low, image_number_high; /* 2Ch: 14Ch */
    USHORT system_root[260];                    /* 30h: "C:\" */
    UCHAR unused_238[0x264 - 0x238];
    ULONG product_type; /* 264h */
    ULONG product_type_is_valid;
    ULONG major_version, minor_version; /* 26Ch: 5, 0 */
    UCHAR processor_features[64];       /* 274h */
    UCHAR unused_2B4[0x300 - 0x2B4];
    ULONG system_call, system_call_return; /* 300h, 304h */
};
