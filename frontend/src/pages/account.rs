//! `/account`: what is known of the person, as the provider has it now.

use super::for_the_person;
use crate::{
    api::{self, Failure},
    auth::{AuthHandle, SignedIn},
    components::{SessionExpiry, claims_table},
    language::use_language,
    mounted::use_mounted,
    texts::Texts,
};
use shared::{Claims, ProblemCode};
use std::rc::Rc;
use yew::{platform::spawn_local, prelude::*};

/// The page.
pub(crate) fn account(auth: &AuthHandle, texts: &Texts) -> Html {
    let show = |person: &SignedIn| {
        let (person, ask) = (person.clone(), auth.ask.clone());
        html! { <Details {person} {ask} /> }
    };
    for_the_person(auth, texts.account.title, texts, show)
}

#[derive(PartialEq, Properties)]
struct DetailsProps {
    person: SignedIn,
    /// Asks who is signed in.
    ask: Callback<()>,
}

/// What the provider has answered.
#[derive(Clone, PartialEq)]
enum UserInfo {
    Asked,
    Known(Rc<Claims>),
    Failed,
}

#[component]
fn Details(props: &DetailsProps) -> Html {
    let language = use_language().language;
    let account = &Texts::of(language).account;
    let user_info = use_user_info(&props.ask);
    let is_mounted = use_mounted();
    let (known, words) = match &user_info {
        UserInfo::Asked => (None, account.asking),
        UserInfo::Known(claims) => (Some(&**claims), account.is_live),
        UserInfo::Failed => (None, account.is_not_live),
    };
    let person = &props.person;
    html! {
        <section class="card wide">
            <h1>{ account.title }</h1>
            <p>{ account.lead }</p>
            if is_mounted {
                <p role="status" class="live">{ words }</p>
                { claims_table(&person.claims, known, language) }
            } else {
                <noscript><p>{ Texts::of(language).needs_script }</p></noscript>
            }
            <SessionExpiry person={person.clone()} />
        </section>
    }
}

/// Asks the provider, by the bff, what it knows of the person now.
#[hook]
fn use_user_info(ask: &Callback<()>) -> UserInfo {
    let user_info = use_state(|| UserInfo::Asked);
    use_effect_with((), {
        let (user_info, ask) = (user_info.setter(), ask.clone());
        move |()| {
            spawn_local(async move {
                user_info.set(match api::user_info().await {
                    Ok(claims) => UserInfo::Known(claims.into()),
                    Err(failure) => {
                        if failure == Failure::Refused(ProblemCode::NotSignedIn) {
                            ask.emit(());
                        }
                        UserInfo::Failed
                    }
                });
            });
        }
    });
    (*user_info).clone()
}
