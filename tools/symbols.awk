# Makes the kernel's table of function names (kernel/kd/symbols.c) out of `nm -n` of the linked
# kernel: assembler text, in the order of the addresses.
BEGIN {
    n = 0
}
$2 ~ /^[tT]$/ && $1 != last {
    last = $1
    address[n] = $1
    name[n++] = $3
}
END {
    print "\t.section .symbols, \"a\""
    print "\t.globl kernel_symbols, kernel_symbol_count"
    print "\t.align 4"
    printf "kernel_symbol_count:\t.long %d\n", n
    print "kernel_symbols:"
    for (i = 0; i < n; i++)
        printf "\t.long 0x%s, 1f + %d\n", address[i], offset_of(i)
    print "1:"
    for (i = 0; i < n; i++)
        printf "\t.asciz \"%s\"\n", name[i]
    print "\t.section .note.GNU-stack, \"\", %progbits"
}
function offset_of(i) {
    if (i > 0)
        offset += length(name[i - 1]) + 1
    return offset + 0
}
