//! Every rule of the jar with what it lets through and what it does not.

mod sending;

use super::{By, CookieJar, Exchange, Refused, Relation};
use time::{OffsetDateTime, macros::datetime};
use url::Url;

const NOW: OffsetDateTime = datetime!(2026-11-22 18:11:41 UTC);
const HOME: &str = "https://app.example/books/list";
const PLAIN: &str = "http://app.example/books/list";

/// Stores what is set from here and from there, in this order.
struct Jar(CookieJar);

impl Jar {
    fn set(&mut self, url: &str, header: &str) -> Result<(), Refused> {
        self.set_in(url, header, Relation::SameSite, By::Http)
    }

    fn set_in(
        &mut self,
        url: &str,
        header: &str,
        relation: Relation,
        by: By,
    ) -> Result<(), Refused> {
        let url: Url = url.parse().unwrap();
        self.0.store(
            header,
            &Exchange {
                url: &url,
                relation,
                by,
                now: NOW,
            },
        )
    }

    fn sent(&mut self, url: &str) -> String {
        self.sent_in(url, Relation::SameSite, By::Http, NOW)
    }

    fn sent_in(&mut self, url: &str, relation: Relation, by: By, now: OffsetDateTime) -> String {
        let url: Url = url.parse().unwrap();
        self.0.header_for(&Exchange {
            url: &url,
            relation,
            by,
            now,
        })
    }
}

fn jar(headers: &[&str]) -> Jar {
    let mut jar = Jar(CookieJar::default());
    for header in headers {
        jar.set(HOME, header).unwrap();
    }
    jar
}

#[test]
fn a_cookie_is_taken_or_refused() {
    let largest = format!("n={}", "x".repeat(4_095));
    let too_large = format!("n={}", "x".repeat(4_096));
    for (url, header, expected) in [
        (HOME, "a=1", Ok(())),
        (HOME, "a=", Ok(())),
        (HOME, "=1", Ok(())),
        (HOME, "no equals sign", Ok(())),
        (HOME, "=", Err(Refused::Empty)),
        (HOME, "", Err(Refused::Empty)),
        (HOME, " ; Path=/", Err(Refused::Empty)),
        (HOME, "\ta=1\t;\tPath=/", Ok(())),
        (HOME, "a=1\u{7f}", Err(Refused::ControlCharacter)),
        (HOME, "a=1\0", Err(Refused::ControlCharacter)),
        (HOME, "a=1; Path=/\n", Err(Refused::ControlCharacter)),
        (HOME, "a=1\t2", Err(Refused::ControlCharacter)),
        (HOME, "a=\u{ff}", Ok(())),
        (HOME, &largest, Ok(())),
        (HOME, &too_large, Err(Refused::TooLarge)),
        (HOME, "a=1; Domain=app.example", Ok(())),
        (HOME, "a=1; Domain=.APP.example", Ok(())),
        (HOME, "a=1; Domain=", Ok(())),
        (
            HOME,
            "a=1; Domain=www.app.example",
            Err(Refused::ForeignDomain),
        ),
        (
            HOME,
            "a=1; Domain=evil.example",
            Err(Refused::ForeignDomain),
        ),
        (HOME, "a=1; Domain=pp.example", Err(Refused::ForeignDomain)),
        (HOME, "a=1; Domain=example", Err(Refused::ForeignDomain)),
        ("http://localhost/", "a=1; Domain=localhost", Ok(())),
        (
            "http://127.0.0.1/",
            "a=1; Domain=0.0.1",
            Err(Refused::ForeignDomain),
        ),
        (HOME, "a=1; Secure", Ok(())),
        (PLAIN, "a=1; Secure", Err(Refused::SecureOverPlainHttp)),
        ("http://localhost:3000/", "a=1; Secure", Ok(())),
        ("http://127.0.0.1/", "a=1; Secure", Ok(())),
        (HOME, "a=1; SameSite=None; Secure", Ok(())),
        (HOME, "a=1; SameSite=None", Err(Refused::NoneWithoutSecure)),
        (HOME, "__Secure-a=1; Secure", Ok(())),
        (HOME, "__Secure-a=1", Err(Refused::SecurePrefix)),
        (HOME, "__sEcUrE-a=1", Err(Refused::SecurePrefix)),
        (HOME, "__Host-a=1; Secure; Path=/", Ok(())),
        (HOME, "__Host-a=1; Path=/", Err(Refused::HostPrefix)),
        (HOME, "__Host-a=1; Secure", Err(Refused::HostPrefix)),
        (
            "https://app.example/",
            "__Host-a=1; Secure",
            Err(Refused::HostPrefix),
        ),
        (
            HOME,
            "__Host-a=1; Secure; Path=/books",
            Err(Refused::HostPrefix),
        ),
        (
            HOME,
            "__Host-a=1; Secure; Path=/; Domain=app.example",
            Err(Refused::HostPrefix),
        ),
        (HOME, "__hOsT-a=1; Path=/", Err(Refused::HostPrefix)),
        (
            HOME,
            "__Host-a=; Path=/; Max-Age=0",
            Err(Refused::HostPrefix),
        ),
        (
            HOME,
            "=__Host-a=1; Secure; Path=/",
            Err(Refused::PrefixWithoutName),
        ),
        (HOME, "__Host-a", Err(Refused::PrefixWithoutName)),
        (HOME, "%5F%5FHost-a=1", Ok(())),
    ] {
        assert_eq!(jar(&[]).set(url, header), expected, "{url} {header:.60}");
    }
}

#[test]
fn a_cookie_over_plain_http_does_not_cover_a_secure_one() {
    for (secure, plain, expected) in [
        ("a=1; Secure", "a=2", Err(Refused::OverASecureCookie)),
        (
            "a=1; Secure; Path=/books",
            "a=2; Path=/books/list",
            Err(Refused::OverASecureCookie),
        ),
        (
            "a=1; Secure",
            "a=2; Domain=app.example",
            Err(Refused::OverASecureCookie),
        ),
        ("a=1; Secure; Path=/books/list", "a=2; Path=/books", Ok(())),
        ("a=1; Secure", "b=2", Ok(())),
        ("a=1", "a=2", Ok(())),
    ] {
        assert_eq!(
            jar(&[secure]).set(PLAIN, plain),
            expected,
            "{secure} {plain}"
        );
    }
}

#[test]
fn a_script_neither_sees_nor_sets_what_is_http_only() {
    let mut jar = jar(&["a=1; HttpOnly", "b=1"]);
    let script = |jar: &mut Jar, header| jar.set_in(HOME, header, Relation::SameSite, By::Script);
    assert_eq!(
        script(&mut jar, "c=1; HttpOnly"),
        Err(Refused::HttpOnlyByScript)
    );
    assert_eq!(script(&mut jar, "a=2"), Err(Refused::OverAnHttpOnlyCookie));
    assert_eq!(script(&mut jar, "b=2"), Ok(()));
    assert_eq!(
        jar.sent_in(HOME, Relation::SameSite, By::Script, NOW),
        "b=2"
    );
    assert_eq!(jar.sent(HOME), "a=1; b=2");
}

#[test]
fn another_sites_requests_carry_what_same_site_lets_them() {
    let headers = [
        "s=1; SameSite=Strict",
        "l=1; SameSite=lax",
        "n=1; SameSite=None; Secure",
        "d=1",
        "x=1; SameSite=y",
    ];
    for (relation, expected) in [
        (Relation::SameSite, "s=1; l=1; n=1; d=1; x=1"),
        (Relation::CrossSiteVisit, "l=1; n=1; d=1; x=1"),
        (Relation::CrossSiteForm, "n=1"),
        (Relation::CrossSitePart, "n=1"),
    ] {
        let sent = jar(&headers).sent_in(HOME, relation, By::Http, NOW);
        assert_eq!(sent, expected, "{relation:?}");
    }
    for (relation, header, expected) in [
        (
            Relation::CrossSitePart,
            "a=1",
            Err(Refused::SameSiteFromElsewhere),
        ),
        (
            Relation::CrossSitePart,
            "a=1; SameSite=None; Secure",
            Ok(()),
        ),
        (Relation::CrossSiteVisit, "a=1; SameSite=Strict", Ok(())),
        (Relation::CrossSiteForm, "a=1; SameSite=Strict", Ok(())),
    ] {
        let stored = jar(&[]).set_in(HOME, header, relation, By::Http);
        assert_eq!(stored, expected, "{relation:?} {header}");
    }
}
