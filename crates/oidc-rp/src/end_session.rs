//! The end of the provider's session (OpenID Connect RP-Initiated Logout 1.0): the browser is sent there, and comes back.

use crate::{Client, id_token, signed_token};
use openidconnect::CsrfToken;
use url::{Url, form_urlencoded};

/// Bytes. Proxies refuse long addresses (nginx: 4 KiB in an answer's header, 8 KiB in a request).
const LONGEST_HINT: usize = 2_000;
/// The `state` of an end session request begins with it.
const STATE_PREFIX: &str = "signed-out.";

impl Client {
    /// Where to send the browser to end its session at the provider (section 2). `None` when the provider has no end session
    /// endpoint, or is down. `id_token` becomes the hint, unless it is too long for an address, or its key is no longer published:
    /// then a provider refuses the hint, while client id and redirect URI suffice.
    pub async fn end_session_url(&self, id_token: &str) -> Option<Url> {
        let metadata = self.discovery.newest(&self.http).await.ok()?;
        let mut url = metadata
            .additional_metadata()
            .end_session_endpoint
            .clone()?;
        let verified = || signed_token::verify(id_token, id_token::TYPES, &self.config, &metadata);
        if id_token.len() <= LONGEST_HINT && verified().is_ok() {
            url.query_pairs_mut().append_pair("id_token_hint", id_token);
        }
        let client_id = self.config.client_id.as_str();
        url.query_pairs_mut().append_pair("client_id", client_id);
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
