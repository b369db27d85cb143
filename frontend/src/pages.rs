//! The pages, made of components.
//!
//! Pages are functions, not components: each component costs its own copy of a good part of Yew in the WebAssembly.

mod account;
#[cfg(debug_assertions)]
mod gallery;
mod home;
mod not_found;
mod sessions;
mod sign_in_failed;

pub(crate) use account::account;
#[cfg(debug_assertions)]
pub(crate) use gallery::{PATH as GALLERY, gallery};
pub(crate) use home::home;
pub(crate) use not_found::not_found;
pub(crate) use sessions::sessions;
pub(crate) use sign_in_failed::sign_in_failed;

use crate::{
    auth::{AuthHandle, AuthState, SignedIn},
    components::{sign_in_button, status_unknown},
    texts::Texts,
};
use yew::prelude::*;

/// A page that only somebody who is signed in can see; a visitor is led to sign in and back.
fn for_the_person(
    auth: &AuthHandle,
    title: &'static str,
    texts: &Texts,
    show: impl FnOnce(&SignedIn) -> Html,
) -> Html {
    match &auth.state {
        AuthState::SignedIn(person) => show(person),
        AuthState::SignedOut(_) => ask_to_sign_in(auth, title, texts),
        AuthState::Loading | AuthState::Failed(_) => status_unknown(auth, texts),
    }
}

/// What a visitor sees there.
fn ask_to_sign_in(auth: &AuthHandle, title: &'static str, texts: &Texts) -> Html {
    html! {
        <section class="card" id="not-signed-in">
            <h1>{ title }</h1>
            <p>{ texts.not_signed_in }</p>
            <p class="actions">{ sign_in_button(auth, "sign-in", texts.sign_in) }</p>
        </section>
    }
}
