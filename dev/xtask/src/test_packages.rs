//! Which packages are tested together: arguments of `cargo build` and `cargo test`.

/// Everything on the host. Cargo compiles a crate once for each set of features, so this is the only selection, and the
/// stories use its servers.
pub(crate) const WORKSPACE: [&str; 2] = [
    "--workspace",
    "--features=connector-aliyun-sms/sandbox,frontend/prerender,wasm-build/programs",
];

/// The tests that `wasm-bindgen-test` runs in a page.
pub(crate) const FRONTEND_IN_A_BROWSER: [&str; 3] = [
    "--package=frontend",
    "--tests",
    "--target=wasm32-unknown-unknown",
];
