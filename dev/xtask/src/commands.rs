//! The commands of `cargo xtask`, one file each.

pub mod bench;
pub mod check;
pub mod crash;
pub mod dev;
pub mod dist;
pub mod errors;
pub mod evidence;
pub mod fuzz;
pub mod run;
pub mod screenshots;
pub mod test;
pub mod test_clients;
pub mod with_stores;
