//! Starts the single-page app in the page that loaded it.

fn main() {
    frontend::run();
}
