//! `/sessions`: where the person is signed in, and ways to end it.

use super::for_the_person;
use crate::{auth::AuthHandle, components::Sessions, texts::Texts};
use yew::prelude::*;

/// The page.
pub(crate) fn sessions(auth: &AuthHandle, texts: &Texts) -> Html {
    for_the_person(auth, texts.sessions_title, texts, |person| {
        html! {
            <section class="card wide">
                <h1>{ texts.sessions_title }</h1>
                <p>{ texts.sessions.lead }</p>
                <Sessions key={person.claims.sub.clone()} />
            </section>
        }
    })
}
