//! The invariants of `ARCHITECTURE.md` that are about what is absent.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};
use xtask::errors::EVENTS;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap()
}

/// The Rust files below a folder, with what stands before their unit tests.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut folders: Vec<PathBuf> = vec![root().join(folder)];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]").next().unwrap().to_owned();
                sources.push((
                    path.strip_prefix(root()).unwrap().display().to_string(),
                    code,
                ));
            }
        }
    }
    sources
}

/// Files below `folder` that contain one of the words, tests apart.
fn files_with(folder: &str, words: &[&str]) -> Vec<String> {
    let mut files: Vec<_> = sources(folder)
        .into_iter()
        .filter(|(path, code)| {
            !path.ends_with("tests.rs") && words.iter().any(|word| code.contains(word))
        })
        .map(|(path, _)| path)
        .collect();
    files.sort();
    files
}

#[test]
fn b195_no_page_writes_markup_from_data() {
    let words = [
        "from_html_unchecked",
        "inner_html",
        "set_outer_html",
        "insert_adjacent_html",
        "eval(",
        "Function::new",
        "document.write",
    ];
    assert_eq!(files_with("frontend/src", &words), [""; 0]);
    // Addresses that are made up of something: two that `link.rs` has let through, our own sign-in link, and constants.
    assert_eq!(
        files_with(
            "frontend/src",
            &[" href={", " {href}", " src={", " action={"]
        ),
        [
            "frontend/src/components/claims_table.rs",
            "frontend/src/components/greeting.rs",
            "frontend/src/components/sign_in_button.rs",
            "frontend/src/components/sign_out_button.rs",
            "frontend/src/navigation.rs",
        ]
    );
}

#[test]
fn b188_nothing_switches_the_check_of_certificates_off() {
    let words = [
        "danger_accept",
        "dangerous()",
        "tls_built_in_root_certs(false)",
    ];
    for folder in [
        "bff",
        "crates/connector-aliyun-sms/src",
        "crates/oidc-rp/src",
        "crates/provision-logto/src",
        "crates/telemetry/src",
    ] {
        assert_eq!(files_with(folder, &words), [""; 0]);
    }
}

/// The packages in the tree of a crate's normal dependencies.
fn dependencies(package: &str) -> Vec<String> {
    let tree = Command::new(env!("CARGO"))
        .current_dir(root())
        .args([
            "tree",
            "--offline",
            "--edges=normal",
            "--prefix=none",
            "--package",
            package,
        ])
        .output()
        .unwrap();
    assert!(
        tree.status.success(),
        "{}",
        String::from_utf8_lossy(&tree.stderr)
    );
    let text = String::from_utf8(tree.stdout).unwrap();
    text.lines()
        .filter_map(|line| line.split(' ').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_frontend_and_what_it_shares_know_no_protocol() {
    for package in ["frontend", "shared"] {
        let dependencies = dependencies(package);
        for stranger in [
            "openidconnect",
            "oauth2",
            "bff",
            "tenant",
            "embedded-provider",
        ] {
            assert!(
                !dependencies.iter().any(|name| name == stranger),
                "{package} depends on {stranger}"
            );
        }
    }
    assert!(
        dependencies("shared").contains(&"serde".to_owned()),
        "the tree is read"
    );
}

#[test]
fn no_shared_type_can_hold_a_token() {
    let words = [
        "access_token:",
        "refresh_token:",
        "id_token:",
        "client_secret:",
        "session_id:",
        "AccessToken",
        "RefreshToken",
    ];
    assert_eq!(files_with("shared/src", &words), [""; 0]);
}

#[test]
fn the_bff_knows_its_provider_by_http_only() {
    let dependencies = dependencies("bff");
    assert!(
        dependencies.contains(&"openidconnect".to_owned()),
        "the tree is read"
    );
    for stranger in ["embedded-provider", "tenant", "connector-aliyun-sms"] {
        assert!(
            !dependencies.iter().any(|name| name == stranger),
            "bff depends on {stranger}"
        );
    }
}

#[test]
fn the_relying_party_knows_no_web_server_and_makes_one_http_client() {
    let dependencies = dependencies("oidc-rp");
    for stranger in ["axum", "bff", "tower-sessions"] {
        assert!(
            !dependencies.iter().any(|name| name == stranger),
            "oidc-rp depends on {stranger}"
        );
    }
    // The crate `http-client` makes them all: one rule for certificates and proxies.
    for (folder, makers) in [
        ("crates/oidc-rp/src", &[][..]),
        ("crates/telemetry/src", &[]),
        ("crates/http-client/src", &["crates/http-client/src/lib.rs"]),
    ] {
        assert_eq!(files_with(folder, &["reqwest::Client::builder"]), makers);
    }
}

#[test]
fn the_connector_stands_alone() {
    let dependencies = dependencies("connector-aliyun-sms");
    for ours in ["shared", "tenant", "clock", "bff", "embedded-provider"] {
        assert!(
            !dependencies.iter().any(|name| name == ours),
            "connector-aliyun-sms depends on {ours}"
        );
    }
}

#[test]
fn the_events_in_the_errors_document_are_those_that_are_logged() {
    let mut logged: Vec<String> = Vec::new();
    for folder in ["bff/src", "crates"] {
        for (_, code) in sources(folder) {
            let after = code.split("event = \"").skip(1);
            logged.extend(after.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
        }
    }
    logged.sort();
    logged.dedup();
    let mut listed: Vec<_> = EVENTS.iter().map(|event| event.name).collect();
    listed.sort_unstable();
    assert_eq!(listed, logged);
}

#[test]
fn each_thing_has_one_door() {
    for (what, words, doors) in [
        (
            "reads the environment",
            &["env::var", "settings::environment", "default_env"][..],
            &["bff/src/config.rs"][..],
        ),
        (
            "binds a path",
            &[".route(", ".nest"],
            &["bff/src/router.rs"],
        ),
        ("redirects", &["LOCATION"], &["bff/src/return_to.rs"]),
        (
            // The crate `http-client` does.
            "makes an HTTP client",
            &["reqwest::Client"],
            &[],
        ),
        (
            "writes a Set-Cookie text",
            &["HttpOnly"],
            &["bff/src/request/cookies.rs"],
        ),
    ] {
        assert_eq!(files_with("bff/src", words), doors, "who {what}");
    }
}
