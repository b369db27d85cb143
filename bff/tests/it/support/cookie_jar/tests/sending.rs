//! Where a cookie goes, in which order, and for how long.

use super::{By, HOME, NOW, Relation, jar};
use time::Duration;

#[test]
fn a_cookie_goes_to_its_host_path_and_scheme() {
    for (header, url, goes) in [
        ("a=1", "https://app.example/books/x", true),
        ("a=1", "https://app.example/books", true),
        ("a=1", "https://app.example/bookstore", false),
        ("a=1", "https://app.example/", false),
        ("a=1; Path=/", "https://app.example:8443/x", true),
        ("a=1; Path=/", "https://www.app.example/", false),
        (
            "a=1; Path=/; Domain=app.example",
            "https://www.app.example/",
            true,
        ),
        (
            "a=1; Path=/; Domain=app.example",
            "https://evil-app.example/",
            false,
        ),
        (
            "a=1; Path=/; Domain=app.example",
            "https://app.example.evil.example/",
            false,
        ),
        ("a=1; Path=relative", "https://app.example/books/x", true),
        ("a=1; Path=/x/", "https://app.example/x/y", true),
        ("a=1; Path=/x/", "https://app.example/x", false),
        ("a=1; Path=/", "http://app.example/", true),
        ("a=1; Path=/; Secure", "http://app.example/", false),
    ] {
        assert_eq!(jar(&[header]).sent(url) == "a=1", goes, "{header} {url}");
    }
}

#[test]
fn longer_paths_go_first_and_then_who_was_there_first() {
    let mut jar = jar(&[
        "a=1; Path=/",
        "b=1; Path=/books/list",
        "c=1; Path=/",
        "d=1; Path=/books",
    ]);
    jar.set(HOME, "a=2; Path=/").unwrap();
    assert_eq!(
        jar.sent(HOME),
        "b=1; d=1; a=2; c=1",
        "a new value keeps its age"
    );
    jar.set(HOME, "a=3; Path=/books").unwrap();
    assert_eq!(
        jar.sent(HOME),
        "b=1; d=1; a=3; a=2; c=1",
        "another path is another cookie"
    );
}

#[test]
fn a_cookie_lives_as_long_as_it_says_and_400_days_at_most() {
    for (attributes, seconds) in [
        ("Max-Age=60", Some(60)),
        (
            "Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            Some(60),
        ),
        ("Expires=Sun, 22 Nov 2026 18:12:41 GMT", Some(60)),
        ("Expires=Sun, 22 Nov 2026 18:12:41 GMT; Max-Age=5", Some(5)),
        ("Max-Age=5; Max-Age=7", Some(7)),
        ("Max-Age=5; Max-Age=x", Some(5)),
        ("Max-Age=99999999999999999999", Some(400 * 86_400)),
        ("Expires=Fri, 31 Dec 9999 23:59:59 GMT", Some(400 * 86_400)),
        ("Max-Age=0", Some(0)),
        ("Max-Age=-1", Some(0)),
        ("Max-Age=-99999999999999999999", Some(0)),
        ("Expires=Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
        ("Max-Age=", None),
        ("Max-Age=+5", None),
        ("Max-Age=1.5", None),
        ("Expires=soon", None),
    ] {
        let mut jar = jar(&["a=old", &format!("a=1; {attributes}")]);
        let mut lives = |seconds| {
            let now = NOW + Duration::seconds(seconds);
            jar.sent_in(HOME, Relation::SameSite, By::Http, now) == "a=1"
        };
        match seconds {
            Some(0) => assert!(!lives(0), "{attributes}"),
            Some(end) => assert!(lives(end - 1) && !lives(end), "{attributes}"),
            None => assert!(lives(10 * 365 * 86_400), "{attributes}"),
        }
    }
}

#[test]
fn an_attribute_that_is_too_long_does_not_count() {
    let long = format!("/books/{}", "x".repeat(1_018));
    assert_eq!(jar(&[&format!("a=1; Path={long}")]).sent(HOME), "a=1");
    assert_eq!(
        jar(&[&format!("a=1; Path={}", &long[..1_024])]).sent(HOME),
        ""
    );
}
