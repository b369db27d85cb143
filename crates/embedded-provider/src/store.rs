//! Storage in SQLite. A value that may be used once is taken by one statement (`DELETE … RETURNING`,
//! `UPDATE … WHERE … RETURNING`), never read first and marked later. Opaque values are stored as digests.

#[macro_use]
mod row;

mod access_tokens;
mod authorization_codes;
mod client_assertions;
mod documents;
mod grants;
mod installation;
mod interactions;
mod open;
mod presented;
mod pushed_requests;
mod refresh_tokens;
mod sessions;
mod sign_outs;
mod sweep;
mod users;
mod verifications;
mod wrong_codes;

pub(crate) use access_tokens::NewAccessToken;
pub(crate) use authorization_codes::{AuthorizationCode, NewAuthorizationCode};
pub(crate) use documents::{Address, Document};
pub(crate) use interactions::{Event, Interaction, Kind, NewInteraction};
pub(crate) use open::DatabaseError;
pub(crate) use refresh_tokens::{NewRefreshToken, RefreshToken};
pub(crate) use sessions::{Departure, Participation, Session};
pub(crate) use sign_outs::SignOut;
pub(crate) use verifications::{CodeInHand, NewVerification, Try};

use sqlx::SqlitePool;
use std::sync::{Arc, atomic::AtomicI64};

/// An error of the database.
pub(crate) type StoreError = sqlx::Error;
/// Seconds since 1970.
pub(crate) type Seconds = i64;

/// The database.
#[derive(Clone)]
pub(crate) struct Store {
    pool: SqlitePool,
    swept_at: Arc<AtomicI64>,
}
