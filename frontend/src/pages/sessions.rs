//! `/sessions`: where the person is signed in, and ways to end it.

use super::ForThePerson;
use crate::{
    auth::SignedIn, components::Sessions, language::use_texts, mounted::use_mounted,
};
use yew::prelude::*;

/// The page.
#[component]
pub(crate) fn SessionsPage() -> Html {
    let texts = use_texts();
    html! {
        <ForThePerson title={texts.sessions.title}>
            { |_: SignedIn| html! { <Devices /> } }
        </ForThePerson>
    }
}

#[component]
fn Devices() -> Html {
    let texts = use_texts();
    let is_mounted = use_mounted();
    html! {
        <section class="card wide">
            <h1>{ texts.sessions.title }</h1>
            <p>{ texts.sessions.lead }</p>
            if is_mounted {
                <Sessions />
            } else {
                <noscript><p>{ texts.needs_script }</p></noscript>
            }
        </section>
    }
}
