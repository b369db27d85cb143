//! Newer keys.

use super::*;
use crate::test_provider;

#[tokio::test]
async fn keys_that_were_searched_for_a_moment_ago_are_newer_than_others_but_not_than_themselves() {
    let metadata = test_provider::metadata();
    let config = test_provider::config();
    let (older, newest) = (Arc::new(metadata.clone()), Arc::new(metadata));
    let http = HttpClient::new(&config, ()).unwrap();
    let discovery = Discovery::new(&config, Clock::system());
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
