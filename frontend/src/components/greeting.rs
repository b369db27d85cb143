//! Says hello to the person, how long the session lasts, and offers the way out.

use super::SignOutButton;
use crate::{auth::SignedIn, language::use_texts, link, time_left::TimeLeft};
use yew::prelude::*;

/// Properties of [`Greeting`].
#[derive(PartialEq, Properties)]
pub(crate) struct GreetingProps {
    /// Who is greeted.
    pub(crate) person: SignedIn,
}

/// The greeting of the person who is signed in.
#[component]
pub(crate) fn Greeting(props: &GreetingProps) -> Html {
    let texts = use_texts();
    let SignedIn { claims, session } = &props.person;
    let ends = TimeLeft::from_seconds(session.expires_in);
    let idle = TimeLeft::from_seconds(session.idle_expires_in.min(session.expires_in));
    html! {
        <section class="card wide greeting">
            if let Some(picture) = claims.picture.as_deref().filter(|url| link::is_secure_address(url)) {
                <img src={picture.to_owned()} alt="" width="64" height="64" referrerpolicy="no-referrer" />
            }
            <div>
                <h1 id="greeting">{ texts.hello }<bdi>{ claims.display_name() }</bdi></h1>
                <p>{ (texts.account.session)(ends, idle) }</p>
            </div>
            <SignOutButton />
        </section>
    }
}
