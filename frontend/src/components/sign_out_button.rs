//! Ends the session: a form, because it changes something, and because a form works before the app does.

use crate::{auth::use_auth, language::use_texts};
use shared::{SignOutRequest, path};
use yew::prelude::*;

/// How far a sign-out has come. When it is done the page is left.
#[derive(Clone, Copy, PartialEq)]
enum SignOut {
    NotAsked,
    Underway,
    Failed,
}

/// Properties of [`SignOutButton`].
#[derive(PartialEq, Properties)]
pub struct SignOutButtonProps {
    /// Other words than "Sign out".
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// Ends this session, or with `everywhere` all of the person's; the latter needs the app.
    #[prop_or_default]
    pub options: SignOutRequest,
    /// The button's `id`.
    #[prop_or_default]
    pub id: Option<AttrValue>,
}

/// The button that signs out.
///
/// ```
/// # use frontend::SignOutButton;
/// # use yew::prelude::*;
/// # #[component]
/// # fn Leave() -> Html {
/// html! { <SignOutButton label="Bye" /> }
/// # }
/// ```
#[component]
pub fn SignOutButton(props: &SignOutButtonProps) -> Html {
    let auth = use_auth();
    let texts = use_texts();
    let progress = use_state(|| SignOut::NotAsked);
    let onsubmit = {
        let (progress, options) = (progress.setter(), props.options);
        move |event: SubmitEvent| {
            event.prevent_default();
            let failed = progress.clone();
            progress.set(SignOut::Underway);
            let on_failure = Callback::from(move |()| failed.set(SignOut::Failed));
            auth.sign_out(options, on_failure);
        }
    };
    let underway = *progress == SignOut::Underway;
    let label = props.label.clone().unwrap_or(texts.sign_out.into());
    let label = if underway {
        texts.signing_out.into()
    } else {
        label
    };
    html! {
        <form class="actions" method="post" action={path::SIGN_OUT} {onsubmit}>
            <button class="button" id={props.id.clone()} disabled={underway}>
                <span key={label.to_string()}>{ label }</span>
            </button>
            if *progress == SignOut::Failed {
                <p class="error" role="alert">{ texts.sign_out_failed }</p>
            }
        </form>
    }
}
