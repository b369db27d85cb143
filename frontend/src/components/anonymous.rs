//! For visitors.

use crate::auth::{AuthState, use_auth};
use yew::{html::ChildrenProps, prelude::*};

/// Shows its children when it is known that nobody is signed in.
///
/// ```
/// # use frontend::{Anonymous, SignInButton};
/// # use yew::prelude::*;
/// # #[component]
/// # fn Way() -> Html {
/// html! { <Anonymous><SignInButton /></Anonymous> }
/// # }
/// ```
#[component]
pub fn Anonymous(props: &ChildrenProps) -> Html {
    match use_auth().state {
        AuthState::SignedOut(_) => html! { <>{ props.children.clone() }</> },
        _ => Html::default(),
    }
}
