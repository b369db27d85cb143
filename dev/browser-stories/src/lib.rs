//! Stories told in a real browser against the real processes: what a person sees, finds and does.
//!
//! [`Story::tell`] opens a shop of its own ([`Bookstore`]) and a browser of its own ([`Browser`]), lets the story
//! happen, and at the end looks at what no story may leave behind. The pages are in [`pages`]; they find things as a
//! person does, by the words on them.
//!
//! Two programs look at the same pages for other reasons: [`pictures`] takes a picture of each, [`page_bench`] measures
//! the first. `cargo xtask screenshots` and `cargo xtask bench page` build and run them.

pub mod axe;
pub mod bookstore;
pub mod browser;
pub mod interruption;
pub mod page_bench;
pub mod pages;
pub mod phone;
pub mod pictures;
pub mod story;
pub mod texts;
pub mod visible;

pub use bookstore::Bookstore;
pub use browser::Browser;
pub use phone::Phone;
pub use story::Story;
pub use texts::Language;
