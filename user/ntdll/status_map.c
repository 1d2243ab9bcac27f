#include "ntdll/status_map.h"

#include <stddef.h>

/* What Windows documents or was seen to return; in ascending order. */
static const struct {
    uint32_t status, error;
} table[] = {
    /* clang-format off */
    {0x00000102u, 258}, /* TIMEOUT */
    {0x00000103u, 997}, /* PENDING */
    {0x00000105u, 234}, /* MORE_ENTRIES */
    {0x00000106u, 1300}, /* NOT_ALL_ASSIGNED */
    {0x00000107u, 1301}, /* SOME_NOT_MAPPED */
    {0x40000000u, 698}, /* OBJECT_NAME_EXISTS */
    {0x80000001u, 0x80000001u}, /* GUARD_PAGE_VIOLATION */
    {0x80000002u, 998}, /* DATATYPE_MISALIGNMENT */
    {0x80000003u, 0x80000003u}, /* BREAKPOINT */
    {0x80000004u, 0x80000004u}, /* SINGLE_STEP */
    {0x80000005u, 234}, /* BUFFER_OVERFLOW */
    {0x80000006u, 18}, /* NO_MORE_FILES */
    {0x8000000Du, 299}, /* PARTIAL_COPY */
    {0x80000011u, 170}, /* DEVICE_BUSY */
    {0x8000001Au, 259}, /* NO_MORE_ENTRIES */
    {0xC0000001u, 31}, /* UNSUCCESSFUL */
    {0xC0000002u, 1}, /* NOT_IMPLEMENTED */
    {0xC0000003u, 87}, /* INVALID_INFO_CLASS */
    {0xC0000004u, 24}, /* INFO_LENGTH_MISMATCH */
    {0xC0000005u, 998}, /* ACCESS_VIOLATION */
    {0xC0000006u, 999}, /* IN_PAGE_ERROR */
    {0xC0000007u, 1454}, /* PAGEFILE_QUOTA */
    {0xC0000008u, 6}, /* INVALID_HANDLE */
    {0xC000000Bu, 87}, /* INVALID_CID */
    {0xC000000Du, 87}, /* INVALID_PARAMETER */
    {0xC000000Eu, 433}, /* NO_SUCH_DEVICE */
    {0xC000000Fu, 2}, /* NO_SUCH_FILE */
    {0xC0000010u, 1}, /* INVALID_DEVICE_REQUEST */
    {0xC0000011u, 38}, /* END_OF_FILE */
    {0xC0000016u, 234}, /* MORE_PROCESSING_REQUIRED */
    {0xC0000017u, 8}, /* NO_MEMORY */
    {0xC0000018u, 487}, /* CONFLICTING_ADDRESSES */
    {0xC0000019u, 487}, /* NOT_MAPPED_VIEW */
    {0xC000001Au, 87}, /* UNABLE_TO_FREE_VM */
    {0xC000001Cu, 1}, /* INVALID_SYSTEM_SERVICE */
    {0xC000001Du, 0xC000001Du}, /* ILLEGAL_INSTRUCTION */
    {0xC000001Fu, 5}, /* INVALID_VIEW_SIZE */
    {0xC0000020u, 193}, /* INVALID_FILE_FOR_SECTION */
    {0xC0000022u, 5}, /* ACCESS_DENIED */
    {0xC0000023u, 122}, /* BUFFER_TOO_SMALL */
    {0xC0000024u, 6}, /* OBJECT_TYPE_MISMATCH */
    {0xC000002Du, 487}, /* NOT_COMMITTED */
    {0xC0000030u, 87}, /* INVALID_PARAMETER_MIX */
    {0xC0000033u, 123}, /* OBJECT_NAME_INVALID */
    {0xC0000034u, 2}, /* OBJECT_NAME_NOT_FOUND */
    {0xC0000035u, 183}, /* OBJECT_NAME_COLLISION */
    {0xC0000037u, 6}, /* PORT_DISCONNECTED */
    {0xC0000038u, 548}, /* DEVICE_ALREADY_ATTACHED */
    {0xC0000039u, 161}, /* OBJECT_PATH_INVALID */
    {0xC000003Au, 3}, /* OBJECT_PATH_NOT_FOUND */
    {0xC000003Bu, 161}, /* OBJECT_PATH_SYNTAX_BAD */
    {0xC000003Eu, 23}, /* DATA_ERROR */
    {0xC000003Fu, 23}, /* CRC_ERROR */
    {0xC0000040u, 8}, /* SECTION_TOO_BIG */
    {0xC0000041u, 5}, /* PORT_CONNECTION_REFUSED */
    {0xC0000042u, 6}, /* INVALID_PORT_HANDLE */
    {0xC0000043u, 32}, /* SHARING_VIOLATION */
    {0xC0000044u, 1816}, /* QUOTA_EXCEEDED */
    {0xC0000045u, 87}, /* INVALID_PAGE_PROTECTION */
    {0xC0000046u, 288}, /* MUTANT_NOT_OWNED */
    {0xC0000047u, 298}, /* SEMAPHORE_LIMIT_EXCEEDED */
    {0xC000004Au, 156}, /* SUSPEND_COUNT_EXCEEDED */
    {0xC000004Bu, 5}, /* THREAD_IS_TERMINATING */
    {0xC000004Eu, 87}, /* SECTION_PROTECTION */
    {0xC0000054u, 33}, /* FILE_LOCK_CONFLICT */
    {0xC0000055u, 33}, /* LOCK_NOT_GRANTED */
    {0xC0000056u, 5}, /* DELETE_PENDING */
    {0xC0000061u, 1314}, /* PRIVILEGE_NOT_HELD */
    {0xC000007Au, 127}, /* PROCEDURE_NOT_FOUND */
    {0xC000007Bu, 193}, /* INVALID_IMAGE_FORMAT */
    {0xC000007Fu, 112}, /* DISK_FULL */
    {0xC0000095u, 534}, /* INTEGER_OVERFLOW */
    {0xC000009Au, 1450}, /* INSUFFICIENT_RESOURCES */
    {0xC000009Du, 1167}, /* DEVICE_NOT_CONNECTED */
    {0xC000009Fu, 487}, /* FREE_VM_NOT_AT_BASE */
    {0xC00000A0u, 487}, /* MEMORY_NOT_ALLOCATED */
    {0xC00000A2u, 19}, /* MEDIA_WRITE_PROTECTED */
    {0xC00000A3u, 21}, /* DEVICE_NOT_READY */
    {0xC00000AEu, 231}, /* PIPE_BUSY */
    {0xC00000B0u, 233}, /* PIPE_DISCONNECTED */
    {0xC00000B1u, 232}, /* PIPE_CLOSING */
    {0xC00000B5u, 121}, /* IO_TIMEOUT */
    {0xC00000BAu, 5}, /* FILE_IS_A_DIRECTORY */
    {0xC00000BBu, 50}, /* NOT_SUPPORTED */
    {0xC00000C0u, 55}, /* DEVICE_DOES_NOT_EXIST */
    {0xC00000D4u, 17}, /* NOT_SAME_DEVICE */
    {0xC00000E8u, 1784}, /* INVALID_USER_BUFFER */
    {0xC00000EFu, 87}, /* INVALID_PARAMETER_1 */
    {0xC00000F0u, 87}, /* INVALID_PARAMETER_2 */
    {0xC00000F1u, 87}, /* INVALID_PARAMETER_3 */
    {0xC00000F2u, 87}, /* INVALID_PARAMETER_4 */
    {0xC00000F3u, 87}, /* INVALID_PARAMETER_5 */
    {0xC00000F4u, 87}, /* INVALID_PARAMETER_6 */
    {0xC00000F5u, 87}, /* INVALID_PARAMETER_7 */
    {0xC00000F6u, 87}, /* INVALID_PARAMETER_8 */
    {0xC00000F7u, 87}, /* INVALID_PARAMETER_9 */
    {0xC00000F8u, 87}, /* INVALID_PARAMETER_10 */
    {0xC00000F9u, 87}, /* INVALID_PARAMETER_11 */
    {0xC00000FAu, 87}, /* INVALID_PARAMETER_12 */
    {0xC00000FDu, 1001}, /* STACK_OVERFLOW */
    {0xC0000101u, 145}, /* DIRECTORY_NOT_EMPTY */
    {0xC0000103u, 267}, /* NOT_A_DIRECTORY */
    {0xC0000106u, 206}, /* NAME_TOO_LONG */
    {0xC000010Au, 5}, /* PROCESS_IS_TERMINATING */
    {0xC000010Eu, 1056}, /* IMAGE_ALREADY_LOADED */
    {0xC000011Fu, 4}, /* TOO_MANY_OPENED_FILES */
    {0xC0000120u, 995}, /* CANCELLED */
    {0xC0000121u, 5}, /* CANNOT_DELETE */
    {0xC0000123u, 5}, /* FILE_DELETED */
    {0xC0000128u, 6}, /* FILE_CLOSED */
    {0xC000012Du, 1455}, /* COMMITMENT_LIMIT */
    {0xC000012Fu, 193}, /* INVALID_IMAGE_NOT_MZ */
    {0xC0000135u, 126}, /* DLL_NOT_FOUND */
    {0xC0000138u, 182}, /* ORDINAL_NOT_FOUND */
    {0xC0000139u, 127}, /* ENTRYPOINT_NOT_FOUND */
    {0xC0000141u, 487}, /* INVALID_ADDRESS */
    {0xC0000142u, 1114}, /* DLL_INIT_FAILED */
    {0xC000014Bu, 109}, /* PIPE_BROKEN */
    {0xC000017Cu, 1018}, /* KEY_DELETED */
    {0xC0000180u, 1020}, /* KEY_HAS_CHILDREN */
    {0xC0000181u, 1021}, /* CHILD_MUST_BE_VOLATILE */
    {0xC0000182u, 87}, /* DEVICE_CONFIGURATION_ERROR */
    {0xC0000184u, 22}, /* INVALID_DEVICE_STATE */
    {0xC0000185u, 1117}, /* IO_DEVICE_ERROR */
    {0xC0000206u, 1784}, /* INVALID_BUFFER_SIZE */
    {0xC0000225u, 1168}, /* NOT_FOUND */
    {0xC0000235u, 6}, /* HANDLE_NOT_CLOSABLE */
    {0xC0000262u, 182}, /* DRIVER_ORDINAL_NOT_FOUND */
    {0xC0000263u, 127}, /* DRIVER_ENTRYPOINT_NOT_FOUND */
    {0xC000026Cu, 2001}, /* DRIVER_UNABLE_TO_LOAD */
    {0xC0000299u, 8218}, /* SHARED_POLICY */
    {0xC0000365u, 647}, /* FAILED_DRIVER_ENTRY */
    /* clang-format on */
};

/* The position of the first row that is not below `status`. */
static size_t search(uint32_t status)
{
    size_t low = 0, high = sizeof(table) / sizeof(table[0]);

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (table[middle].status < status)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t status_to_error(uint32_t status)
{
    enum { CUSTOMER = 0x20000000, WIN32_FACILITY = 0x8007, RPC_FACILITY = 0xC001 };
    size_t position;

    if (!status || status & CUSTOMER)
        return status;
    if (status >> 16 == WIN32_FACILITY || status >> 16 == RPC_FACILITY)
        return status & 0xFFFF;
    position = search(status);
    if (position < sizeof(table) / sizeof(table[0]) && table[position].status == status)
        return table[position].error;
    return STATUS_MAP_UNKNOWN;
}
