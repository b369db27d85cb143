//! The single-page app: who is signed in, a link to sign in, a button to sign out.
//!
//! It knows the paths of the bff and the types of `shared`, and nothing of `OpenID` Connect: a sign-in is a
//! link to follow, a sign-out is one POST. What it decides is pure and tested on the host (`route`,
//! `language`, `claims`, `time_left`, …); only `browser` and `api` touch the page and the network.

mod api;
mod app;
mod auth;
mod browser;
mod claims;
mod components;
mod language;
mod link;
mod pages;
mod problem;
mod return_to;
mod route;
mod sign_in_link;
mod texts;
mod time_left;

use web_sys::Element;

/// The `id` of the element in index.html that the app fills.
pub const ROOT_ELEMENT: &str = "app";

/// Shows the app in the page's root element. Without that element there is nothing to do.
pub fn run() {
    if let Some(root) = browser::element(ROOT_ELEMENT) {
        mount(root).forget();
    }
}

/// A running app.
pub struct Mounted(yew::AppHandle<app::App>);

impl Mounted {
    /// Takes the app off the page.
    pub fn unmount(self) {
        self.0.destroy();
    }

    /// Lets the app run as long as the page lives.
    fn forget(self) {
        std::mem::forget(self);
    }
}

/// Shows the app in this element, in place of what is in it.
#[must_use]
pub fn mount(root: Element) -> Mounted {
    Mounted(yew::Renderer::<app::App>::with_root(root).render())
}

#[cfg(test)]
mod tests {
    use super::ROOT_ELEMENT;
    use shared::path::{AUTH_STATUS_ELEMENT, PROBLEM_ELEMENT};

    const INDEX_HTML: &str = include_str!("../../index.html");

    #[test]
    fn index_html_has_the_places_that_the_bff_and_the_app_fill() {
        assert!(INDEX_HTML.contains(r#"<html lang="en">"#));
        assert!(INDEX_HTML.contains(&format!(r#"<div id="{ROOT_ELEMENT}">"#)));
        for id in [AUTH_STATUS_ELEMENT, PROBLEM_ELEMENT] {
            let block = format!(r#"<script type="application/json" id="{id}"></script>"#);
            assert_eq!(INDEX_HTML.matches(&block).count(), 1, "{id}");
        }
    }

    #[test]
    fn index_html_has_nothing_inline_that_the_csp_would_block() {
        let scripts = INDEX_HTML.split("<script").skip(1);
        for script in scripts {
            let attributes = script.split('>').next().unwrap();
            let is_data = attributes.contains(r#"type="application/json""#);
            assert!(is_data || attributes.contains("src="), "{attributes}");
        }
        for forbidden in ["<style", " style=", " onclick=", " onload=", "javascript:"] {
            assert!(!INDEX_HTML.contains(forbidden), "{forbidden}");
        }
    }
}
