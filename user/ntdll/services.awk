# The lines of ntdll.dll's .def for include/nt/services.h: each service under both of its names.
BEGIN { FS = "[(, ]+" }
/^SERVICE\(/ {
    name = $3
    print "    " name
    sub(/^Nt/, "Zw")
    print "    Zw" substr(name, 3) " = " name
}
