//! The pages, made of components.

mod account;
mod home;
mod not_found;
mod sessions;
mod sign_in_failed;

pub(crate) use account::Account;
pub(crate) use home::Home;
pub(crate) use not_found::not_found;
pub(crate) use sessions::SessionsPage;
pub(crate) use sign_in_failed::sign_in_failed;

use crate::{
    components::{Anonymous, Authenticated, SignInButton, StatusUnknown},
    language::use_texts,
};
use yew::prelude::*;

/// Properties of [`ForThePerson`].
#[derive(PartialEq, Properties)]
struct ForThePersonProps {
    /// The heading.
    title: &'static str,
    /// What a person who is signed in sees below it.
    children: Callback<crate::auth::SignedIn, Html>,
}

/// A page that only somebody who is signed in can see; everybody else is led to sign in and back.
#[component]
fn ForThePerson(props: &ForThePersonProps) -> Html {
    let texts = use_texts();
    html! {
        <>
            <Anonymous>
                <section class="card" id="not-signed-in">
                    <h1>{ props.title }</h1>
                    <p>{ texts.not_signed_in }</p>
                    <p class="actions"><SignInButton /></p>
                </section>
            </Anonymous>
            <Authenticated>{ props.children.clone() }</Authenticated>
            <StatusUnknown />
        </>
    }
}
