//! The pages that a person meets: what can be seen on each, and what can be done there.

mod account;
mod home;
mod provider;
mod sessions;
mod sign_in_failed;

pub use account::Account;
pub use home::Home;
pub use provider::Provider;
pub use sessions::Sessions;
pub use sign_in_failed::SignInFailed;
