//! Aliyun's flow limits, when they are enforced.

use crate::support::{KEY_ID, NOW, SECRET, Server, client_at, config, send};
use connector_aliyun_sms::{
    Clock, LimitWindow, Refusal,
    sandbox::{Account, Options, Sandbox},
};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use time::Duration;

/// Seconds after `NOW`, which is the first second of a minute and an hour.
async fn limited() -> (Server, Arc<AtomicI64>, Clock) {
    let seconds = Arc::new(AtomicI64::new(0));
    let after = seconds.clone();
    let clock = Clock::new(move || NOW + Duration::seconds(after.load(Ordering::SeqCst)));
    let sandbox = Sandbox::with_options(Options {
        accounts: vec![Account::bundled(KEY_ID, SECRET)],
        clock: clock.clone(),
        flow_limits: true,
    });
    let address = crate::support::serve(sandbox.router()).await;
    (Server { sandbox, address }, seconds, clock)
}

#[tokio::test]
async fn p059_a_limit_is_named_with_its_window_and_ends_with_it() {
    let (server, seconds, clock) = limited().await;
    let client = client_at(server.address, config(), clock);
    let (minute, hour) = (LimitWindow::Minute, LimitWindow::Hour);
    for (at, window) in [
        (0, None),
        (59, Some(minute)),
        (60, None),
        (119, Some(minute)),
        (120, None),
        (180, None),
        (240, None),
        (300, Some(hour)),
        (3_599, Some(hour)),
        (3_600, None),
    ] {
        seconds.store(at, Ordering::SeqCst);
        let outcome = send(&client, "8613900000000").await;
        let refusal = outcome.err().and_then(|error| error.refusal());
        let expected = window.map(|window| Refusal::RateLimited {
            window: Some(window),
        });
        assert_eq!(refusal, expected, "after {at} s");
    }
    assert_eq!(
        server.sandbox.messages().len(),
        6,
        "what is refused is not delivered"
    );
}

#[tokio::test]
async fn p059_other_countries_and_a_sandbox_as_people_use_it_have_no_limits() {
    let (server, _, clock) = limited().await;
    let client = client_at(server.address, config(), clock);
    for digits in ["12015550123", "13105550123", "819012345678"] {
        for _ in 0..12 {
            send(&client, digits).await.unwrap();
        }
    }
    let client = Server::start().await.client();
    for _ in 0..12 {
        send(&client, "8613900000000").await.unwrap();
    }
}
