# gdb for the running machine built in build/: `make debug` in one terminal, `gdb -x .gdbinit` in another.
# For another OUT `make debug` writes OUT/gdbinit, the same with the paths of that folder.
set confirm off
set pagination off
set architecture i386
file build/kernel.elf
target remote build/gdb.sock

define program
    add-symbol-file build/symbols/VirtToPhys.exe
    add-symbol-file build/symbols/kernel32.dll
    add-symbol-file build/symbols/user32.dll
    add-symbol-file build/symbols/advapi32.dll
end
document program
Loads the symbols of the program and its DLLs, which lie where they were linked.
end

define driver
    add-symbol-file build/symbols/$arg0.sys -o $arg1-0x10000
end
document driver
driver NAME BASE: loads a driver's symbols, at the base that the log's [driver] line names.
For example: driver VirtToPhys 0xE0001000
end
