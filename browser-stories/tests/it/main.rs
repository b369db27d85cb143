//! The stories.

mod bad_input;
mod first_visit;
mod provider_down;
mod sign_in;
mod wrong_callback;
