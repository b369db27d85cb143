//! `/`: a welcome for a visitor; for a person who is signed in, a greeting and what is known of them.

use crate::{
    auth::SignedIn,
    components::{Anonymous, Authenticated, ClaimsTable, Greeting, SignInButton, StatusUnknown},
    texts::{Texts, Welcome},
};
use yew::prelude::*;

/// The home page.
pub(crate) fn home(texts: &'static Texts) -> Html {
    html! {
        <>
            <Anonymous>{ welcome(&texts.welcome) }</Anonymous>
            <Authenticated>{ show_person }</Authenticated>
            <StatusUnknown />
        </>
    }
}

/// What this is, and the way in.
fn welcome(welcome: &Welcome) -> Html {
    html! {
        <section class="card welcome">
            <h1>{ welcome.title }</h1>
            <p class="lead">{ welcome.lead }</p>
            <p class="actions"><SignInButton /></p>
            <ul>{ for welcome.promises.map(|promise| html! { <li>{ promise }</li> }) }</ul>
        </section>
    }
}

fn show_person(person: SignedIn) -> Html {
    html! {
        <>
            <Greeting person={person.clone()} />
            <ClaimsTable {person} />
        </>
    }
}
