//! Begins a sign-in: a link, because only a top-level navigation may.

use crate::{auth::use_auth, language::use_texts};
use shared::SignInOptions;
use yew::prelude::*;

/// Properties of [`SignInButton`].
#[derive(PartialEq, Properties)]
pub struct SignInButtonProps {
    /// Other words than "Sign in".
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// What to ask of the sign-in. What is left open is this page and its language.
    #[prop_or_default]
    pub options: SignInOptions,
}

/// The link that begins a sign-in and returns to this page.
///
/// ```
/// # use frontend::SignInButton;
/// # use shared::{FirstScreen, SignInOptions};
/// # use yew::prelude::*;
/// # #[component]
/// # fn Register() -> Html {
/// let options = SignInOptions {
///     first_screen: Some(FirstScreen::Register),
///     ..SignInOptions::default()
/// };
/// html! { <SignInButton {options} label="Become a member" /> }
/// # }
/// ```
#[component]
pub fn SignInButton(props: &SignInButtonProps) -> Html {
    let auth = use_auth();
    let label = props.label.clone().unwrap_or(use_texts().sign_in.into());
    let href = auth.sign_in_href(&props.options);
    let onclick = {
        let options = props.options.clone();
        move |_: MouseEvent| auth.remember_return_to(&options)
    };
    html! { <a class="button primary" id="sign-in" {href} {onclick}>{ label }</a> }
}
