//! Serving on a listener: shutdown with an open page, and requests for another host.

use crate::support::{KEY_ID, NOW, SECRET, client, config, http, number};
use connector_aliyun_sms::{
    Clock, UsageType,
    sandbox::{self, Account, Sandbox},
};
use tokio::{net::TcpListener, sync::oneshot};

#[tokio::test]
async fn an_open_page_hears_of_each_delivery_and_does_not_hold_up_the_end() {
    let sandbox = Sandbox::with_clock(Account::bundled(KEY_ID, SECRET), Clock::new(|| NOW));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (end, ended) = oneshot::channel::<()>();
    let shutdown = async {
        let _ = ended.await;
    };
    let server = tokio::spawn(sandbox::serve(sandbox, listener, shutdown));

    let events = http().get(format!("http://{address}/api/events"));
    let mut events = events.send().await.unwrap();
    let first = events.chunk().await.unwrap().unwrap();
    assert!(first.starts_with(b"event: changes"), "{first:?}");

    client(address, config())
        .send_code(&number("8613900000000"), UsageType::SignIn, "271828")
        .await
        .unwrap();
    let second = events.chunk().await.unwrap().unwrap();
    assert!(second.ends_with(b"data: 1\n\n"), "{second:?}");

    end.send(()).unwrap();
    assert_eq!(events.chunk().await.unwrap(), None);
    server.await.unwrap().unwrap();
}

#[tokio::test]
async fn on_this_machine_only_requests_for_this_machine_are_answered() {
    let sandbox = Sandbox::with_clock(Account::bundled(KEY_ID, SECRET), Clock::new(|| NOW));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(sandbox::serve(sandbox, listener, std::future::pending()));

    let port = address.port();
    for (host, is_answered) in [
        (format!("127.0.0.1:{port}"), true),
        (format!("localhost:{port}"), true),
        (format!("evil.example:{port}"), false),
        ("evil.example".to_owned(), false),
    ] {
        for path in [
            "/",
            "/?x",
            "/inbox",
            "/api/messages",
            "/api/faults",
            "/none",
        ] {
            let request = http().get(format!("http://{address}{path}"));
            let response = request.header("host", &host).send().await.unwrap();
            assert_eq!(response.status() != 421, is_answered, "{host} {path}");
        }
    }
    let delete = http().delete(format!("http://{address}/api/messages"));
    let refused = delete.header("host", "evil.example").send().await.unwrap();
    assert_eq!(refused.status(), 421);
}
