//! Begins a sign-in: a link, because only a top-level navigation may.

use crate::{
    auth::{AuthHandle, use_auth},
    language::use_language,
    texts::Texts,
};
use shared::SignInOptions;
use web_sys::Element;
use yew::prelude::*;

/// Properties of [`SignInButton`].
#[derive(PartialEq, Properties)]
pub struct SignInButtonProps {
    /// Other words than "Sign in".
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// The link's `id`.
    #[prop_or_default]
    pub id: Option<AttrValue>,
    /// What to ask of the sign-in. What is left open is this page and its language.
    #[prop_or_default]
    pub options: SignInOptions,
}

/// The link that begins a sign-in and returns to this page.
///
/// ```
/// # use frontend::{FirstScreen, SignInButton, SignInOptions};
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
    let texts = Texts::of(use_language().language);
    let label = props.label.clone().unwrap_or(texts.sign_in.into());
    view(&use_auth(), props.options.clone(), props.id.clone(), label)
}

/// The same for a page of ours.
pub(crate) fn sign_in_button(auth: &AuthHandle, id: &'static str, label: &'static str) -> Html {
    sign_in_button_with(auth, SignInOptions::default(), id, label)
}

/// The same with options.
pub(crate) fn sign_in_button_with(
    auth: &AuthHandle,
    options: SignInOptions,
    id: &'static str,
    label: &'static str,
) -> Html {
    view(auth, options, Some(id.into()), label.into())
}

fn view(
    auth: &AuthHandle,
    options: SignInOptions,
    id: Option<AttrValue>,
    label: AttrValue,
) -> Html {
    let href = auth.sign_in_href(&options);
    let onclick = {
        let auth = auth.clone();
        move |event: MouseEvent| {
            auth.remember_return_to(&options);
            // The address may be another than when the link was made, where somebody else's router changes it.
            if auth.return_to.is_none() {
                let link: Element = event.target_unchecked_into();
                let _ = link.set_attribute("href", &auth.sign_in_href(&options));
            }
        }
    };
    html! { <a class="button primary" {id} {href} {onclick}>{ label }</a> }
}
