//! Pictures of every page and state, in each language, light and dark, narrow and wide: for documents, and for developers who
//! change how pages look. Times and sessions differ from run to run, so nothing compares them.

mod camera;
mod look;
mod palette;
mod states;

pub use states::take;
