//! The app in a headless browser: what it shows for what the bff wrote into the page, and what it asks the bff.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod back_forward_cache;
mod language;
mod live;
mod navigation;
mod parts;
mod sessions;
mod sign_in_failed;
mod signed_in;
mod signed_out;
mod status_unknown;
mod support;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
