//! `/`: a welcome for a visitor; a greeting for a person who is signed in.

use crate::{
    auth::{AuthHandle, AuthState, SignedIn},
    components::{Greeting, sign_in_button, status_unknown},
    navigation::Navigation,
    texts::{Texts, Welcome},
};
use shared::path;
use yew::prelude::*;

/// The home page.
pub(crate) fn home(auth: &AuthHandle, navigation: &Navigation, texts: &Texts) -> Html {
    match &auth.state {
        AuthState::SignedIn(person) => greet(person, navigation, texts),
        AuthState::SignedOut(_) => welcome(auth, texts),
        AuthState::Loading | AuthState::Failed(_) => status_unknown(auth, texts),
    }
}

/// What this is, and the way in.
fn welcome(auth: &AuthHandle, texts: &Texts) -> Html {
    let Welcome {
        title,
        lead,
        promises,
    } = &texts.welcome;
    html! {
        <section class="card welcome">
            <h1>{ *title }</h1>
            <p>{ *lead }</p>
            <p class="actions">{ sign_in_button(auth, "sign-in", texts.sign_in) }</p>
            <ul>{ for promises.map(|promise| html! { <li>{ promise }</li> }) }</ul>
        </section>
    }
}

fn greet(person: &SignedIn, navigation: &Navigation, texts: &Texts) -> Html {
    let tile = |to, title, lead: &'static str| {
        html! { <li><h2>{ navigation.link(to, "", title) }</h2><p>{ lead }</p></li> }
    };
    html! {
        <>
            <Greeting person={person.clone()} />
            <ul class="tiles">
                { tile(path::ACCOUNT, texts.account_title, texts.account.lead) }
                { tile(path::SESSIONS_PAGE, texts.sessions_title, texts.sessions.lead) }
            </ul>
        </>
    }
}
