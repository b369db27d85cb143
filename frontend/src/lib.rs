//! Sign-in for Yew apps: [`AuthProvider`] keeps who is signed in, [`use_auth`] tells it, and the other parts show it.
//!
//! Behind the parts stands the bff: a sign-in is a link to follow, a sign-out is one POST, and no token is anywhere
//! near. This crate knows the bff's paths and the types of `shared`, and nothing of `OpenID` Connect.
//!
//! ```
//! use frontend::{Anonymous, AuthProvider, Authenticated, SignInButton, SignOutButton, SignedIn};
//! use yew::prelude::*;
//!
//! #[component]
//! fn Shop() -> Html {
//!     html! {
//!         <AuthProvider>
//!             <Anonymous><SignInButton /></Anonymous>
//!             <Authenticated>
//!                 { |person: SignedIn| html! { <div>{ person.claims.display_name() }<SignOutButton /></div> } }
//!             </Authenticated>
//!         </AuthProvider>
//!     }
//! }
//! ```
//!
//! The page of the bookstore is made of the same parts (`app`, `pages`). What the parts decide is pure and tested on
//! the host (`auth::reducer`, `claims`, `time_left`, …); only `browser`, `api`, `live` and what listens to
//! the window touch the page and the network.

mod api;
mod app;
mod auth;
mod back_off;
mod browser;
mod claims;
mod components;
mod language;
mod live;
mod mounted;
mod navigation;
mod pages;
#[cfg(feature = "prerender")]
mod prerender;
mod return_to;
mod safe_url;
mod sign_in_link;
mod start;
mod texts;
mod time_left;
mod user_info;
mod wire;

pub use api::Failure;
pub use auth::{
    AuthHandle, AuthProvider, AuthProviderProps, AuthState, Ending, SignedIn, use_auth,
};
pub use components::{
    Anonymous, Authenticated, AuthenticatedProps, ClaimsTable, ClaimsTableProps, Greeting,
    GreetingProps, Notices, RequireRole, RequireRoleProps, RequireScope, RequireScopeProps,
    SessionExpiry, SessionExpiryProps, Sessions, SignInButton, SignInButtonProps, SignOutButton,
    SignOutButtonProps, StatusUnknown,
};
pub use language::{LanguageHandle, LanguageProvider, LanguageProviderProps, use_language};
#[cfg(feature = "prerender")]
pub use prerender::documents;
/// What the parts take and give besides their own types.
pub use shared::{
    Address, Audience, Claims, DirectSignIn, DirectSignInMethod, FirstScreen, Json, Language,
    OrganizationData, ProblemCode, Prompt, SessionTimes, SignInIdentifier, SignInOptions,
    SignOutRequest, SignedOutReason,
};
pub use user_info::{UserInfo, use_user_info};

use shared::path::ROOT_ELEMENT;
use web_sys::Element;
use yew::{AppHandle, platform::spawn_local};

#[cfg(all(test, target_arch = "wasm32"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// Shows the bookstore, which is made of the parts and is none of them, in the page's root element. Without that element there is nothing to do.
pub fn run() {
    let Some(root) = browser::element(ROOT_ELEMENT) else {
        return;
    };
    let auth = AuthState::from_page();
    if auth != AuthState::Loading || root.first_element_child().is_none() {
        return mount_with(root, auth).stay();
    }
    // A large status is not in the page: what was painted stays until it has come.
    spawn_local(async {
        let auth = AuthState::of(api::auth_status().await, browser::now());
        mount_with(root, auth).stay();
    });
}

/// The running bookstore.
pub struct Mounted(AppHandle<app::App>);

impl Mounted {
    /// Lets the app run as long as the page lives.
    fn stay(self) {
        std::mem::forget(self);
    }

    /// Takes the app off the page.
    pub fn unmount(self) {
        self.0.destroy();
    }
}

/// Shows the bookstore in this element, in place of the same markup that the bff painted there.
#[must_use]
pub fn mount(root: Element) -> Mounted {
    mount_with(root, AuthState::from_page())
}

fn mount_with(root: Element, auth: AuthState) -> Mounted {
    let start = start::Start::from_page(root.first_element_child().is_some());
    let focused = browser::focused_id();
    let props = app::AppProps { start, auth };
    let app = yew::Renderer::<app::App>::with_root_and_props(root, props).render();
    // A keyboard user who has reached a link in the painted page keeps the focus there.
    if let Some(id) = focused {
        browser::focus(&format!("#{id}"));
    }
    Mounted(app)
}

#[cfg(test)]
mod tests {
    use shared::{
        Marker,
        path::{AUTH_STATUS_ELEMENT, PROBLEM_ELEMENT, ROOT_ELEMENT},
    };

    const INDEX_HTML: &str = include_str!("../../index.html");

    #[test]
    fn index_html_has_the_places_that_the_bff_and_the_app_fill() {
        assert!(INDEX_HTML.contains(r#"<html lang="en">"#));
        assert!(INDEX_HTML.contains(&format!(r#"<div id="{ROOT_ELEMENT}"></div>"#)));
        for (id, marker) in [
            (AUTH_STATUS_ELEMENT, Marker::AuthStatus),
            (PROBLEM_ELEMENT, Marker::Problem),
        ] {
            let marker = marker.text();
            let block = format!(r#"<script type="application/json" id="{id}">{marker}</script>"#);
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
