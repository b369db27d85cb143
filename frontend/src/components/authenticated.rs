//! For persons who are signed in.

use crate::auth::{AuthState, SignedIn, use_auth};
use yew::prelude::*;

/// Properties of [`Authenticated`].
#[derive(PartialEq, Properties)]
pub(crate) struct AuthenticatedProps {
    /// What to show of the person.
    pub(crate) children: Callback<SignedIn, Html>,
}

/// Shows its children when somebody is signed in, and tells them who.
#[component]
pub(crate) fn Authenticated(props: &AuthenticatedProps) -> Html {
    match use_auth().state {
        AuthState::SignedIn(person) => props.children.emit(person),
        _ => Html::default(),
    }
}
