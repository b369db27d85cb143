//! Stories of the program, told through its command line.

mod reads_a_tenant;
