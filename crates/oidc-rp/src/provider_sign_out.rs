//! What ends at the provider when a person signs out here: the grant, by revoking its refresh token (RFC 7009),
//! and the provider's session, by sending the browser there (OpenID Connect RP-Initiated Logout 1.0).

use crate::{Client, http_client::Endpoint};
use openidconnect::{CsrfToken, RefreshToken};
use url::{Url, form_urlencoded};

/// What the `state` of an end session request begins with.
const STATE_PREFIX: &str = "signed-out.";

fn fresh_state() -> String {
    format!("{STATE_PREFIX}{}", CsrfToken::new_random().secret())
}

/// Whether this query is that of a browser that comes back from the end of its session, as far as it can be told: the
/// `state` is compared with nothing, because the page it comes to shows what the session says, whoever sent it there.
#[must_use]
pub fn is_return_from_end_session(query: &str) -> bool {
    let mut parameters = form_urlencoded::parse(query.as_bytes());
    let state = parameters.next().filter(|(name, _)| name == "state");
    parameters.next().is_none() && state.is_some_and(|(_, value)| value.starts_with(STATE_PREFIX))
}

impl Client {
    /// Revokes a refresh token, and with it the grant (RFC 7009). What fails is logged: nobody can do more, and the token ends by itself.
    pub async fn revoke(&self, refresh_token: RefreshToken) {
        if let Err(error) = self.try_revoke(refresh_token).await {
            tracing::warn!(event = "revocation.failed", cause = %error);
        }
    }

    async fn try_revoke(&self, refresh_token: RefreshToken) -> Result<(), String> {
        let metadata = self.metadata().await.map_err(|error| error.to_string())?;
        let Some(endpoint) = &metadata.additional_metadata().revocation_endpoint else {
            return Ok(());
        };
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("token", refresh_token.secret())
            .append_pair("token_type_hint", "refresh_token")
            .finish();
        let response = self
            .post_form((Endpoint::Revocation, endpoint), &form)
            .await
            .map_err(|error| error.to_string())?;
        if response.status().is_success() {
            Ok(())
        } else {
            Err(format!("status {}", response.status()))
        }
    }

    /// Where to send the browser to end the session at the provider (RP-Initiated Logout 1.0, section 2);
    /// none when the provider has no such place or is down.
    pub async fn end_session_url(&self, id_token_hint: &str) -> Option<Url> {
        let metadata = self.metadata().await.ok()?;
        let mut url = metadata
            .additional_metadata()
            .end_session_endpoint
            .clone()?;
        url.query_pairs_mut()
            .append_pair("id_token_hint", id_token_hint)
            .append_pair("client_id", self.config.client_id.as_str())
            .append_pair(
                "post_logout_redirect_uri",
                &self.config.post_logout_redirect_uri,
            )
            .append_pair("state", &fresh_state());
        Some(url)
    }
}
