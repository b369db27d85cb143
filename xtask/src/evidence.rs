//! What the tests show, as a document.

pub mod modules;
