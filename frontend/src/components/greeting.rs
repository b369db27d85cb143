//! Says hello to the person, and offers the way out.

use super::SignOutButton;
use crate::{auth::SignedIn, language::use_texts, mounted::use_mounted, safe_url};
use yew::prelude::*;

/// Properties of [`Greeting`].
#[derive(PartialEq, Properties)]
pub struct GreetingProps {
    /// Who is greeted.
    pub person: SignedIn,
}

/// The greeting of the person who is signed in.
///
/// ```
/// # use frontend::{Authenticated, Greeting, SignedIn};
/// # use yew::prelude::*;
/// # #[component]
/// # fn Home() -> Html {
/// html! {
///     <Authenticated>{ |person: SignedIn| html! { <Greeting {person} /> } }</Authenticated>
/// }
/// # }
/// ```
#[component]
pub fn Greeting(props: &GreetingProps) -> Html {
    let texts = use_texts();
    let claims = &props.person.claims;
    // The place is there from the first paint on; the picture comes into it.
    let is_mounted = use_mounted();
    let picture = claims
        .picture
        .as_deref()
        .filter(|url| is_mounted && safe_url::is_secure_address(url));
    html! {
        <section class="card wide greeting">
            <span class="avatar" aria-hidden="true">
                if let Some(picture) = picture {
                    <img src={picture.to_owned()} alt="" width="64" height="64" referrerpolicy="no-referrer" />
                }
            </span>
            <div>
                <h1 id="greeting">{ texts.hello }<bdi key={claims.display_name()}>{ claims.display_name() }</bdi></h1>
                <p>{ texts.signed_in }</p>
            </div>
            <SignOutButton id="sign-out" />
        </section>
    }
}
