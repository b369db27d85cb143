use super::*;
use test_provider::tls;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};

#[tokio::test]
async fn q20_an_authority_of_extra_ca_file_is_trusted_beside_the_others() {
    let url = tls::start().await;
    let stranger = HttpConfig::default().builder(None).build().unwrap();
    assert!(stranger.get(&url).send().await.is_err());

    let extra = ExtraRoots::read(tls::AUTHORITY).unwrap();
    let settings = HttpConfig::new(extra, None, None, String::new());
    let client = settings.builder(None).build().unwrap();
    assert_eq!(client.get(url).send().await.unwrap().status(), 418);
    assert!(ROOTS.len() >= webpki_roots::TLS_SERVER_ROOTS.len());
}

#[test]
fn q20_a_file_without_certificates_is_refused_with_the_reason() {
    let wrong = |path: &str| ExtraRoots::read(path).err().unwrap_or_default();
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src/lib.rs");
    assert_eq!(wrong("/nowhere/ca.pem"), "names a file that cannot be read");
    for without in [source, tls::KEY] {
        let reason = wrong(without);
        assert_eq!(reason, "names a file without a certificate in PEM");
    }
    assert_eq!(wrong(tls::AUTHORITY), "");
}

/// The address of a proxy, which answers each request with its first line.
async fn proxy() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = BufReader::new(stream);
            let mut line = String::new();
            stream.read_line(&mut line).await.unwrap();
            let line = line.trim_end();
            let length = line.len();
            let answer = format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{line}"
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    format!("http://user:pass-word@{address}")
}

#[tokio::test]
async fn q21_a_request_goes_through_the_proxy() {
    let proxy = ProxyUrl::parse(&proxy().await).ok();
    let settings = HttpConfig::new(ExtraRoots::default(), None, proxy, String::new());
    let client = settings.builder(None).build().unwrap();
    let answer = client.get("http://collector.example/v1").send().await;
    let line = answer.unwrap().text().await.unwrap();
    assert_eq!(line, "GET http://collector.example/v1 HTTP/1.1");
}

#[test]
fn q21_loopback_the_internal_address_and_no_proxy_are_reached_directly() {
    let proxy = |text| ProxyUrl::parse(text).ok();
    let settings = HttpConfig::new(
        ExtraRoots::default(),
        proxy("user:pass-word@secure.example:3128"),
        proxy("http://plain.example"),
        "corp.example, 10.0.0.0/8".to_owned(),
    );
    let direct: Url = "http://logto:3001".parse().unwrap();
    let (secure, plain) = (
        Some("http://secure.example:3128"),
        Some("http://plain.example"),
    );
    for (url, expected) in [
        ("https://logto.example/oidc", secure),
        ("http://logto.example:8080", plain),
        ("https://192.0.2.1/", secure),
        ("https://notcorp.example", secure),
        ("https://localhosting.example", secure),
        ("https://corp.example", None),
        ("https://logto.corp.example", None),
        ("http://10.1.2.3:4318", None),
        ("http://localhost:4318", None),
        ("https://app.localhost", None),
        ("http://127.0.0.1:3001", None),
        ("http://127.1.2.3", None),
        ("https://[::1]:3001", None),
        ("http://logto:3001/oidc", None),
    ] {
        let found = settings.proxy_for(&url.parse().unwrap(), Some(&direct));
        assert_eq!(found.as_deref(), expected, "{url}");
    }
    let inside: Url = "https://[2001:db8::1]".parse().unwrap();
    assert!(settings.proxy_for(&inside, None).is_some());
    assert!(settings.proxy_for(&inside, Some(&inside)).is_none());
    let everything = HttpConfig::new(ExtraRoots::default(), None, None, String::new());
    assert!(everything.proxy_for(&inside, None).is_none());
    assert!(!format!("{settings:?}").contains("pass-word"));
}

#[test]
fn q21_the_address_of_a_proxy_is_one_of_http() {
    for right in [
        "proxy:3128",
        "http://proxy",
        "https://proxy.example:443",
        "10.0.0.1:8080",
    ] {
        assert!(ProxyUrl::parse(right).is_ok(), "{right}");
    }
    for wrong in ["", "socks5://proxy:1080", "://", "http://", "a b"] {
        assert!(ProxyUrl::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn q21_proxies_are_read_in_either_case_and_a_wrong_one_is_named() {
    let read = |variables: &[(&str, &str)]| {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        settings::read(&[], variable, HttpConfig::read)
    };
    let proxied: Url = "https://logto.example".parse().unwrap();
    for variables in [
        &[("HTTPS_PROXY", "http://a:1")][..],
        &[("https_proxy", "a:1"), ("no_proxy", "other.example")],
        &[("HTTPS_PROXY", ""), ("https_proxy", "http://a:1")],
    ] {
        let found = read(variables).unwrap().proxy_for(&proxied, None);
        assert_eq!(found.as_deref(), Some("http://a:1"), "{variables:?}");
    }
    let excluded = [("https_proxy", "http://a:1"), ("no_proxy", ".example")];
    assert!(read(&excluded).unwrap().proxy_for(&proxied, None).is_none());
    let wrong = [
        ("http_proxy", "socks5://secret@a"),
        ("EXTRA_CA_FILE", "/nowhere"),
    ];
    let text = read(&wrong).unwrap_err().to_string();
    assert!(
        text.contains("http_proxy is not the address of a proxy"),
        "{text}"
    );
    assert!(
        text.contains("EXTRA_CA_FILE names a file that cannot be read"),
        "{text}"
    );
    assert!(!text.contains("secret"), "{text}");
}

/// A server that keeps connections open, and answers each request with the number of its connection.
async fn keeping_server() -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for number in 1.. {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                let mut line = String::new();
                while stream.read_line(&mut line).await.unwrap() > 0 {
                    if line == "\r\n" {
                        let answer =
                            format!("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{number}");
                        stream.write_all(answer.as_bytes()).await.unwrap();
                    }
                    line.clear();
                }
            });
        }
    });
    url.parse().unwrap()
}

/// Node.js closes a connection that was idle for five seconds.
#[tokio::test]
async fn q22_a_connection_that_was_idle_for_four_seconds_is_not_used_again() {
    let url = keeping_server().await;
    let client = HttpConfig::default().builder(None).build().unwrap();
    for (idle, connection) in [(0, "1"), (2, "1"), (4, "2"), (2, "2")] {
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(idle)).await;
        // While time stands still, it would jump over the request's time limits.
        tokio::time::resume();
        let answer = client.get(url.clone()).send().await.unwrap();
        assert_eq!(answer.text().await.unwrap(), connection, "after {idle} s");
        // The client's task takes the connection back.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
    }
}
