//! Which packages are tested together: arguments of `cargo test`.

/// The tests on the host. Cargo compiles a crate once for each set of features, so the stories use the servers of this
/// selection.
pub(crate) const SERVERS_AND_TOOLS: [&str; 3] = [
    "--workspace",
    "--exclude=browser-stories",
    "--features=connector-aliyun-sms/sandbox,frontend/prerender",
];

/// The stories in a browser.
pub(crate) const STORIES: [&str; 1] = ["--package=browser-stories"];

/// The tests that `wasm-bindgen-test` runs in a page.
pub(crate) const FRONTEND_IN_A_BROWSER: [&str; 3] = [
    "--package=frontend",
    "--tests",
    "--target=wasm32-unknown-unknown",
];
