//! Stories told in a real browser against the real processes: what a person sees, finds and does.
//!
//! [`Story::tell`] opens a shop of its own ([`Bookstore`]) and a browser of its own ([`Browser`]), lets the story
//! happen, and at the end looks at what no story may leave behind. The pages are in [`pages`]; they find things as a
//! person does, by the words on them.

pub mod bookstore;
pub mod browser;
pub mod pages;
pub mod phone;
pub mod story;
pub mod texts;
pub mod visible;

pub use bookstore::Bookstore;
pub use browser::Browser;
pub use phone::Phone;
pub use story::Story;
pub use texts::Language;
