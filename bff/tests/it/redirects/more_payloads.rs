//! More texts that look local and are not, or are not worth going back to.

use super::Person;

/// Each leads home, in each form.
const PAYLOADS: &[&[u8]] = &[
    // Schemes and authorities
    b"http://evil.example",
    b"HTTPS://EVIL.EXAMPLE",
    b"//evil.example:443/",
    b"//evil.example#@app.example/",
    b"//evil.example?@app.example/",
    b"//app.example:443@evil.example/",
    b"//app.example\\@evil.example/",
    b"//[::ffff:7f00:1]/",
    b"//2130706433/",
    b"//evil.example.",
    b"https:///evil.example",
    b"https:/\\/evil.example",
    b"http:app.example",
    b"ftp://evil.example/",
    b"file:///etc/hostname",
    b"blob:https://app.example/0a1b",
    b"about:blank",
    b"vbscript:msgbox(1)",
    b"view-source:https://app.example/",
    b"mailto:ada@evil.example",
    b"app.example/books",
    b"@evil.example",
    b":443/books",
    b"?next=//evil.example",
    b"#//evil.example",
    b"*",
    // Slashes of other kinds, and white space that some programs strip
    b"/\\/evil.example",
    b"/\\\\evil.example",
    b"\\evil.example",
    b"/books\\..\\..\\evil.example",
    b"/\x0b/evil.example",
    b"/\x0c//evil.example",
    b"/\x7f/evil.example",
    b"/ /evil.example",
    b"/books ",
    b"\x00//evil.example",
    "/\u{a0}/evil.example".as_bytes(),
    "/\u{85}/evil.example".as_bytes(),
    "/\u{2028}/evil.example".as_bytes(),
    "/\u{202e}/elpmaxe.live".as_bytes(),
    "\u{feff}//evil.example".as_bytes(),
    "/\u{ff0f}evil.example".as_bytes(),
    "\u{ff0f}\u{ff0f}evil.example".as_bytes(),
    "/\u{2215}evil.example".as_bytes(),
    "//evil\u{3002}example".as_bytes(),
    // Dot segments that leave an empty one in front
    b"/.//evil.example",
    b"/..//evil.example",
    b"/books/..//evil.example",
    b"/books/../../evil.example//..",
    b"/%2e//evil.example",
    b"/%2E%2e//evil.example",
    b"/.%2e//evil.example",
    b"/books/%2e%2e/%2fevil.example",
    b"/books/..%2f/evil.example",
    b"/;//evil.example",
    b"/books//evil.example",
    // Encoded more than once, or not as UTF-8
    b"/%5c%5cevil.example",
    b"/%5C/evil.example",
    b"/%2f%2fevil.example",
    b"/%252f%252fevil.example",
    b"/%25%32%66evil.example",
    b"/%2525252525252fevil.example",
    b"/%0a/evil.example",
    b"/%0d%0aLocation:%20https://evil.example",
    b"/%00/evil.example",
    b"/%c0%af/evil.example",
    b"/%c2%85evil.example",
    b"/%u2215/evil.example",
    b"/%",
    b"/%2",
    b"/100%/evil.example",
    // What a header or a page might make of it
    b"/\"onmouseover=alert(1)",
    b"/books\r\n\r\n<script>alert(1)</script>",
    b"/books\nLocation: https://evil.example",
    b"/books\rSet-Cookie: x=1",
    // A way to sign in or out again
    b"/sign-out/",
    b"/sign-in#//evil.example",
    b"/callback/?state=x",
    b"/%63%61%6c%6cback",
    b"/sign-in-failed/",
];

#[tokio::test]
async fn t13_eighty_more_payloads_lead_home() {
    assert_eq!(PAYLOADS.len(), 80);
    let mut person = Person::start().await;
    for payload in PAYLOADS {
        person.assert_led_home(payload).await;
    }
}
