//! The pages that a person meets: what can be seen on each, and what can be done there.

mod home;
mod provider;
mod sign_in_failed;

pub use home::Home;
pub use provider::Provider;
pub use sign_in_failed::SignInFailed;
