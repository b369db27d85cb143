//! Why a request was not forwarded, or has no response.

use http::Method;

/// Why a request was not forwarded, or has no response. `E`: the error of the token source.
#[derive(Debug, thiserror::Error)]
pub enum ForwardError<E> {
    /// The path is none of the route's, or cannot be forwarded safely.
    #[error("the route has no such path")]
    NoSuchPath,
    /// The route does not forward this method.
    #[error("the route does not forward this method")]
    MethodNotAllowed {
        /// Those that it forwards.
        allowed: Vec<Method>,
    },
    /// The body is longer than the route allows.
    #[error("the body is longer than the route allows")]
    BodyTooLarge,
    /// The client stopped sending its body.
    #[error("the body did not come to its end")]
    BodyIncomplete,
    /// There is no token.
    #[error("there is no token: {0}")]
    Token(E),
    /// The API cannot be reached, or its response is not HTTP. The text is for the log.
    #[error("the API cannot be reached: {0}")]
    Unreachable(String),
    /// The API did not respond in time.
    #[error("the API did not respond in time")]
    TimedOut,
}
