//! Searching for newer keys, when nothing has to be asked for it.

use super::*;
use serde_json::json;

#[tokio::test]
async fn keys_that_were_searched_for_a_moment_ago_are_newer_than_others_but_not_than_themselves() {
    let issuer = IssuerUrl::new("https://logto.example/oidc".to_owned()).unwrap();
    let metadata: Metadata = serde_json::from_value(json!({
        "issuer": issuer,
        "authorization_endpoint": "https://logto.example/oidc/auth",
        "jwks_uri": "https://logto.example/oidc/jwks",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES384"],
    }))
    .unwrap();
    let (older, newest) = (Arc::new(metadata.clone()), Arc::new(metadata));
    let http = HttpClient::new(issuer.url(), None, ()).unwrap();
    let discovery = Discovery::new(issuer, Clock::system());
    *discovery.cached.lock().await = Cached {
        metadata: Some(newest.clone()),
        searched_at: Some(discovery.clock.unix()),
        ..Cached::default()
    };
    let newer = discovery.newer_than(&older, &http).await.unwrap();
    assert!(newer.is_some_and(|newer| Arc::ptr_eq(&newer, &newest)));
    assert!(
        discovery
            .newer_than(&newest, &http)
            .await
            .unwrap()
            .is_none()
    );
}
