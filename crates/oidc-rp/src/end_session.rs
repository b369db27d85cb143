//! The end of the provider's session (OpenID Connect RP-Initiated Logout 1.0): the browser is sent there, and comes back.

use crate::Client;
use openidconnect::CsrfToken;
use url::{Url, form_urlencoded};

/// The `state` of an end session request begins with it.
const STATE_PREFIX: &str = "signed-out.";

impl Client {
    /// Where to send the browser to end its session at the provider (section 2). `None` when the provider has no end session
    /// endpoint, or is down.
    pub async fn end_session_url(&self, id_token_hint: &str) -> Option<Url> {
        let metadata = self.metadata().await.ok()?;
        let mut url = metadata
            .additional_metadata()
            .end_session_endpoint
            .clone()?;
        url.query_pairs_mut()
            .append_pair("id_token_hint", id_token_hint)
            .append_pair("client_id", self.config.client_id.as_str());
        if let Some(redirect_uri) = &self.config.post_logout_redirect_uri {
            let state = format!("{STATE_PREFIX}{}", CsrfToken::new_random().secret());
            url.query_pairs_mut()
                .append_pair("post_logout_redirect_uri", redirect_uri.as_str())
                .append_pair("state", &state);
        }
        Some(url)
    }
}

/// Whether this is the query of a browser that returns from the end session endpoint. The `state` is not compared with one
/// that was sent, so nothing but what a page shows may depend on it.
#[must_use]
pub fn is_return_from_end_session(query: &str) -> bool {
    let mut parameters = form_urlencoded::parse(query.as_bytes());
    let state = parameters.next().filter(|(name, _)| name == "state");
    parameters.next().is_none() && state.is_some_and(|(_, value)| value.starts_with(STATE_PREFIX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_has_our_state_and_nothing_else() {
        for (query, is_return) in [
            ("state=signed-out.x", true),
            ("", false),
            ("state=", false),
            ("state=another", false),
            ("state=signed-out.x&shelf=3", false),
            ("shelf=3&state=signed-out.x", false),
            ("state=signed-out.x&state=signed-out.y", false),
        ] {
            assert_eq!(is_return_from_end_session(query), is_return, "{query}");
        }
    }
}
