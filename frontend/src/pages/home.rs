//! `/`: a welcome for a visitor; a greeting for a person who is signed in.

use crate::{
    auth::SignedIn,
    components::{Anonymous, Authenticated, Greeting, Link, SignInButton, StatusUnknown},
    language::use_texts,
    texts::{Texts, Welcome},
};
use shared::path;
use yew::prelude::*;

/// The home page.
#[component]
pub(crate) fn Home() -> Html {
    let texts = use_texts();
    html! {
        <>
            <Anonymous>{ welcome(&texts.welcome) }</Anonymous>
            <Authenticated>{ Callback::from(move |person| greet(person, texts)) }</Authenticated>
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

fn greet(person: SignedIn, texts: &Texts) -> Html {
    html! {
        <>
            <Greeting {person} />
            <ul class="tiles">
                <li>
                    <h2><Link to={path::ACCOUNT}>{ texts.account.title }</Link></h2>
                    <p>{ texts.account.lead }</p>
                </li>
                <li>
                    <h2><Link to={path::SESSIONS_PAGE}>{ texts.sessions.title }</Link></h2>
                    <p>{ texts.sessions.lead }</p>
                </li>
            </ul>
        </>
    }
}
