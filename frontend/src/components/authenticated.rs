//! For persons who are signed in.

use crate::auth::{AuthState, SignedIn, use_auth};
use yew::prelude::*;

/// Properties of [`Authenticated`].
#[derive(PartialEq, Properties)]
pub struct AuthenticatedProps {
    /// What to show of the person.
    pub children: Callback<SignedIn, Html>,
}

/// Shows its children when somebody is signed in, and tells them who.
///
/// ```
/// # use frontend::{Authenticated, SignedIn};
/// # use yew::prelude::*;
/// # #[component]
/// # fn Name() -> Html {
/// html! {
///     <Authenticated>{ |person: SignedIn| html! { <b>{ person.claims.display_name() }</b> } }</Authenticated>
/// }
/// # }
/// ```
#[component]
pub fn Authenticated(props: &AuthenticatedProps) -> Html {
    match use_auth().state {
        AuthState::SignedIn(person) => props.children.emit(person),
        _ => Html::default(),
    }
}
