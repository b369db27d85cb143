//! The parts that pages are made of.

mod anonymous;
mod authenticated;
mod claims_table;
mod greeting;
mod notices;
mod phone_number;
mod require_role;
mod require_scope;
mod session_expiry;
mod sessions;
mod sign_in_button;
mod sign_out_button;
mod status_unknown;

pub use anonymous::Anonymous;
pub use authenticated::{Authenticated, AuthenticatedProps};
pub(crate) use claims_table::claims_table;
pub use claims_table::{ClaimsTable, ClaimsTableProps};
pub use greeting::{Greeting, GreetingProps};
pub use notices::Notices;
pub(crate) use phone_number::PhoneNumber;
pub use require_role::{RequireRole, RequireRoleProps};
pub use require_scope::{RequireScope, RequireScopeProps};
pub use session_expiry::{SessionExpiry, SessionExpiryProps};
pub use sessions::Sessions;
pub use sign_in_button::{SignInButton, SignInButtonProps};
pub(crate) use sign_in_button::{sign_in_button, sign_in_button_with};
pub use sign_out_button::{SignOutButton, SignOutButtonProps};
pub use status_unknown::StatusUnknown;
pub(crate) use status_unknown::{code_for_support, status_unknown};
