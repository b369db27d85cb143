//! The stories.

mod access;
mod bad_input;
mod first_paint;
mod first_visit;
mod live;
mod no_app;
mod provider_down;
mod provider_page;
mod restart;
mod sign_in;
mod wrong_callback;
