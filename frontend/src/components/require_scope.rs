//! For persons whose access token allows something. An API of yours decides what anybody may do: this only
//! decides what is shown.

use crate::auth::use_auth;
use yew::prelude::*;

/// Properties of [`RequireScope`].
#[derive(PartialEq, Properties)]
pub struct RequireScopeProps {
    /// The scope.
    pub scope: AttrValue,
    /// What everybody else sees, and everybody while it is not known who is signed in.
    #[prop_or_default]
    pub fallback: Html,
    /// What a person with the scope sees.
    pub children: Children,
}

/// Shows its children to persons whose access token has a scope (RFC 6749, section 3.3).
///
/// ```
/// # use frontend::RequireScope;
/// # use yew::prelude::*;
/// # #[component]
/// # fn Shelf() -> Html {
/// html! { <RequireScope scope="orders:read"><a href="/orders">{ "Orders" }</a></RequireScope> }
/// # }
/// ```
#[component]
pub fn RequireScope(props: &RequireScopeProps) -> Html {
    let auth = use_auth();
    let is_allowed = auth
        .state
        .person()
        .is_some_and(|person| person.scopes.iter().any(|scope| **scope == *props.scope));
    if is_allowed {
        html! { <>{ props.children.clone() }</> }
    } else {
        props.fallback.clone()
    }
}
