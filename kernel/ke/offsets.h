/* Where assembly finds members of struct ke_thread (checked in kernel/syscall/syscall.c). */
#pragma once

#define THREAD_PREVIOUS_MODE 46
