/* The control registers' bits (Intel SDM vol. 3A, 2.5; EFER: 2.2.1; EFLAGS: 2.3). */
#pragma once

#define CR0_MP         0x00000002u
#define CR0_EM         0x00000004u
#define CR0_TS         0x00000008u
#define CR0_NE         0x00000020u
#define CR0_WP         0x00010000u
#define CR0_PG         0x80000000u
#define CR4_PSE        0x00000010u
#define CR4_PAE        0x00000020u
#define CR4_PGE        0x00000080u
#define CR4_OSFXSR     0x00000200u
#define CR4_OSXMMEXCPT 0x00000400u
#define CR4_SMEP       0x00100000u
#define CR4_SMAP       0x00200000u
#define EFER_LMA       0x00000400u
#define EFER_NXE       0x00000800u
#define EFLAGS_AC      0x00040000u
