/* What the walk and the scan found, as text for people, as JSON, and as one line a walk. */
#pragma once

#include "mm/scan.h"

void print_walk(const struct walk *walk, const struct walk_registers *registers);
void print_walk_json(const struct walk *walk);

/* ADDRESS STOP SIZE PHYSICAL RESERVED RX WX FX R3 W3 F3 [AT=ENTRY]...: the man page has it. */
void print_walk_line(const struct walk *walk);

void print_range(const struct scan_range *range);
void print_range_json(const struct scan_range *range);
void print_difference(const struct scan_difference *difference);
void print_difference_json(const struct scan_difference *difference);
