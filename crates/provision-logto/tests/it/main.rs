//! Stories of the program, through its command line.

mod reads_a_tenant;
