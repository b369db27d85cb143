//! Revocation of a refresh token, and with it of the grant (RFC 7009).

use crate::{Client, http_client::Endpoint};
use openidconnect::RefreshToken;
use url::form_urlencoded;

impl Client {
    /// Revokes a refresh token. A failure is only logged: the token expires by itself.
    pub async fn revoke(&self, refresh_token: RefreshToken) {
        if let Err(cause) = self.try_revoke(refresh_token).await {
            tracing::warn!(event = "revocation.failed", %cause);
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
            .post_form(Endpoint::Revocation, endpoint, &form)
            .await
            .map_err(|error| error.to_string())?;
        if response.status().is_success() {
            Ok(())
        } else {
            Err(format!("status {}", response.status()))
        }
    }
}
