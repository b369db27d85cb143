//! Begins a sign-in: a link, because only a top-level navigation may.

use crate::{auth::use_auth, language::use_texts, return_to};
use yew::prelude::*;

/// Properties of [`SignInButton`].
#[derive(PartialEq, Properties)]
pub(crate) struct SignInButtonProps {
    /// Other words than "Sign in".
    #[prop_or_default]
    pub(crate) label: Option<&'static str>,
}

/// The link that begins a sign-in and returns to this page.
#[component]
pub(crate) fn SignInButton(props: &SignInButtonProps) -> Html {
    let auth = use_auth();
    let label = props.label.unwrap_or(use_texts().sign_in);
    let onclick = {
        let page = auth.return_to.clone();
        move |_: MouseEvent| return_to::remember(&page)
    };
    html! { <a class="button primary" id="sign-in" href={auth.sign_in_href} {onclick}>{ label }</a> }
}
