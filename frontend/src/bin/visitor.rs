//! Starts the visitor's app in the page that loaded it.

fn main() {
    frontend::run_for_visitor();
}
