//! `/sign-in-failed`, and `/sign-in` when the bff could not begin a sign-in.

use crate::{
    auth::AuthHandle,
    components::{code_for_support, sign_in_button},
    navigation::Navigation,
    texts::Texts,
};
use shared::{ProblemCode, path};
use yew::prelude::*;

/// Says what happened and what to do now, and offers a second try. `None` is a reason that we do not know.
pub(crate) fn sign_in_failed(
    reason: Option<ProblemCode>,
    auth: &AuthHandle,
    navigation: &Navigation,
    texts: &Texts,
) -> Html {
    let explanation = (texts.sign_in_failed.explain)(reason);
    html! {
        <section class="card" id="sign-in-failed">
            <h1>{ texts.sign_in_failed.title }</h1>
            <p>{ explanation.what }</p>
            <p>{ explanation.next }</p>
            <p class="actions">
                { sign_in_button(auth, "sign-in", texts.try_again) }
                { navigation.link(path::HOME, "button", texts.to_the_start) }
            </p>
            if let Some(code) = reason {
                { code_for_support(code, texts) }
            }
        </section>
    }
}
