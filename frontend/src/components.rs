//! What pages are made of: the parts that know who is signed in, or that react.

mod anonymous;
mod authenticated;
mod claims_table;
mod greeting;
mod language_switch;
mod sign_in_button;
mod sign_out_button;
mod status_unknown;

pub(crate) use anonymous::Anonymous;
pub(crate) use authenticated::Authenticated;
pub(crate) use claims_table::ClaimsTable;
pub(crate) use greeting::Greeting;
pub(crate) use language_switch::LanguageSwitch;
pub(crate) use sign_in_button::SignInButton;
pub(crate) use sign_out_button::SignOutButton;
pub(crate) use status_unknown::StatusUnknown;
