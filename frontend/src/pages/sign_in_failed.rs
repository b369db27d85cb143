//! `/sign-in-failed`, and `/sign-in` when the bff could not begin a sign-in.

use crate::{
    auth::AuthHandle,
    components::{code_for_support, sign_in_button_with},
    navigation::Navigation,
    texts::{Notice, Texts},
};
use shared::{ProblemCode, Prompt, SignInOptions, path};
use yew::prelude::*;

/// Says what happened and what to do now, and offers a second try. `None` is a reason that we do not know.
pub(crate) fn sign_in_failed(
    reason: Option<ProblemCode>,
    auth: &AuthHandle,
    navigation: &Navigation,
    texts: &Texts,
) -> Html {
    if auth.state.person().is_some() {
        return already_signed_in(reason, navigation, texts);
    }
    // The provider may know a person who is not there any more: the second try asks who it is.
    let asks_again = reason == Some(ProblemCode::CodeRefused);
    let options = SignInOptions {
        prompt: if asks_again {
            vec![Prompt::Login]
        } else {
            Vec::new()
        },
        ..SignInOptions::default()
    };
    let explanation = (texts.sign_in_failed.explain)(reason);
    html! {
        <section class="card" id="sign-in-failed">
            <h1>{ texts.sign_in_failed.title }</h1>
            <p>{ explanation.what }</p>
            <p>{ explanation.next }</p>
            <p class="actions">
                { sign_in_button_with(auth, options, "sign-in", texts.try_again) }
                { navigation.link(path::HOME, "button", texts.to_the_start) }
            </p>
            if let Some(code) = reason {
                { code_for_support(code, texts) }
            }
        </section>
    }
}

/// For a person who came back to this page, or signed in by another tab.
fn already_signed_in(reason: Option<ProblemCode>, navigation: &Navigation, texts: &Texts) -> Html {
    let Notice { title, lead } = texts.sign_in_failed.already_signed_in;
    html! {
        <section class="card" id="already-signed-in">
            <h1>{ title }</h1>
            <p>{ lead }</p>
            <p class="actions">{ navigation.link(path::HOME, "button primary", texts.to_the_start) }</p>
            if let Some(code) = reason {
                { code_for_support(code, texts) }
            }
        </section>
    }
}
