//! All lifetimes, in seconds. The values are Logto's.

/// An authorization code.
pub(crate) const AUTHORIZATION_CODE: i64 = 60;
/// How long a used code is remembered, so that its reuse is noticed.
pub(crate) const USED_AUTHORIZATION_CODE: i64 = 60 * 60;
/// A pushed authorization request.
pub(crate) const PUSHED_REQUEST: i64 = 60;
/// An access token.
pub(crate) const ACCESS_TOKEN: i64 = 60 * 60;
/// An ID token, unless the application sets another lifetime.
pub(crate) const ID_TOKEN: i64 = 60 * 60;
/// A refresh token, in days, unless the application sets another lifetime.
pub(crate) const REFRESH_TOKEN_DAYS: i64 = 14;
/// A chain of rotated refresh tokens. After this time the token is not replaced again, and the last one expires.
pub(crate) const REFRESH_TOKEN_CHAIN: i64 = 365 * DAY;
/// How long a replaced refresh token still works, in case the response was lost.
pub(crate) const REPLACED_REFRESH_TOKEN: i64 = 3;
/// A logout token.
pub(crate) const LOGOUT_TOKEN: i64 = 2 * 60;
/// A session of the provider, from its last use.
pub(crate) const SESSION: i64 = 14 * DAY;
/// An interaction, which is the time that a person has on the pages, or a sign-out question.
pub(crate) const INTERACTION: i64 = 60 * 60;
/// A verification code.
pub(crate) const VERIFICATION_CODE: i64 = 10 * 60;
/// The window in which messages to one number are counted.
pub(crate) const MESSAGE_WINDOW: i64 = 10 * 60;
/// How long the page waits before it offers to send another code.
pub(crate) const RESEND_PAUSE: i64 = 60;
/// The window in which wrong codes for one number are counted, and how long the number is then blocked.
pub(crate) const WRONG_CODE_WINDOW: i64 = 60 * 60;
/// One day.
pub(crate) const DAY: i64 = 24 * 60 * 60;
