//! What an address shows: functions from the texts to the page. What changes is in the components.

mod home;
mod not_found;
mod sign_in_failed;

pub(crate) use home::home;
pub(crate) use not_found::not_found;
pub(crate) use sign_in_failed::sign_in_failed;
