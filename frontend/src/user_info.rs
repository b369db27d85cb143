//! What the provider says of the person now.

use crate::{
    api::{self, Failure},
    auth::use_auth,
};
use shared::{Claims, ProblemCode};
use std::rc::Rc;
use yew::{platform::spawn_local, prelude::*};

/// What the provider has answered.
#[derive(Clone, Debug, PartialEq)]
pub enum UserInfo {
    /// Nothing yet.
    Asked,
    /// What it knows now.
    Known(Rc<Claims>),
    /// Nothing that could be used.
    Failed(Failure),
}

/// Asks the provider, by the bff, what it knows of the person now; and again with every answer about the sign-in. While nobody
/// is known to be signed in it asks nothing.
///
/// ```
/// # use frontend::{UserInfo, use_user_info};
/// # use yew::prelude::*;
/// #[component]
/// fn Email() -> Html {
///     match use_user_info() {
///         UserInfo::Known(claims) => html! { <p>{ claims.email.clone() }</p> },
///         UserInfo::Asked | UserInfo::Failed(_) => Html::default(),
///     }
/// }
/// ```
#[hook]
pub fn use_user_info() -> UserInfo {
    let user_info = use_state(|| UserInfo::Asked);
    let auth = use_auth();
    let sub = auth.state.person().map(|person| person.claims.sub.clone());
    use_effect_with(auth.state.person().cloned(), {
        let (user_info, ask) = (user_info.setter(), auth.ask);
        move |person| {
            if person.is_none() {
                return;
            }
            spawn_local(async move {
                user_info.set(match api::user_info().await {
                    Ok(claims) => UserInfo::Known(claims.into()),
                    Err(failure) => {
                        if failure == Failure::Refused(ProblemCode::NotSignedIn) {
                            ask.emit(());
                        }
                        UserInfo::Failed(failure)
                    }
                });
            });
        }
    });
    match &*user_info {
        // Do not show the claims of a person who has signed out meanwhile.
        UserInfo::Known(claims) if Some(&claims.sub) != sub.as_ref() => UserInfo::Asked,
        known => known.clone(),
    }
}
