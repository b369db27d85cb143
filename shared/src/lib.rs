//! What crosses the wire between the frontend and the bff, and what both must choose alike (which page an address shows).
//! Nothing else.
//!
//! There is no type here that could hold a token, a client secret or a session id: what this crate
//! cannot say, the bff cannot send to a browser by accident.

mod claims;
mod json;
mod language;
mod marker;
pub mod path;
mod problem;
mod rule;
mod session;
mod sign_in_options;
mod status;
mod view;

pub use claims::{Address, Audience, Claims, OrganizationData, mask_phone};
pub use json::Json;
pub use language::{Language, accepted_tags};
pub use marker::Marker;
pub use problem::{Advice, Problem, ProblemCode};
pub use rule::{Allowed, Rule};
pub use session::{
    ClaimsChanged, Device, EXPIRING_SOON, SessionEvent, SessionInfo, Sessions, SignedOut,
    SignedOutReason,
};
pub use sign_in_options::{
    DirectSignIn, DirectSignInMethod, FirstScreen, Prompt, SignInIdentifier, SignInOptions,
};
pub use status::{AuthStatus, SessionTimes, SignOutRequest, SignOutResponse};
pub use view::{Paint, View};
