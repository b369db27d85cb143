//! Newer keys, and endpoints that are refused.

use super::*;
use crate::test_provider;
use serde_json::json;

#[tokio::test]
async fn keys_that_were_searched_for_a_moment_ago_are_newer_than_others_but_not_than_themselves() {
    let metadata = test_provider::metadata();
    let issuer = metadata.issuer().clone();
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

#[test]
fn an_endpoint_without_tls_is_refused_unless_the_issuer_has_none_either() {
    let with = |member: &str, url: &str| -> Metadata {
        let mut document = serde_json::to_value(test_provider::metadata()).unwrap();
        document[member] = json!(url);
        serde_json::from_value(document).unwrap()
    };
    assert!(is_secure(&test_provider::metadata()));
    for endpoint in [
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
        "end_session_endpoint",
        "revocation_endpoint",
        "pushed_authorization_request_endpoint",
    ] {
        assert!(is_secure(&with(endpoint, "https://other.example/")));
        for wrong in ["http://logto.example/", "ftp://logto.example/"] {
            assert!(!is_secure(&with(endpoint, wrong)), "{endpoint} {wrong}");
        }
    }
    assert!(is_secure(&with("issuer", "http://localhost:3001/oidc")));
}
