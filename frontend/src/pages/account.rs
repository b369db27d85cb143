//! `/account`: what is known of the person, as the provider has it now.

use super::ForThePerson;
use crate::{
    api::{self, Failure},
    auth::{SignedIn, use_auth},
    components::{ClaimsTable, SessionExpiry},
    language::use_texts,
    mounted::use_mounted,
};
use shared::{Claims, ProblemCode};
use std::rc::Rc;
use yew::{platform::spawn_local, prelude::*};

/// The page.
#[component]
pub(crate) fn Account() -> Html {
    let texts = use_texts();
    html! {
        <ForThePerson title={texts.account.title}>
            { |person: SignedIn| html! { <Details {person} /> } }
        </ForThePerson>
    }
}

#[derive(PartialEq, Properties)]
struct DetailsProps {
    person: SignedIn,
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
    let texts = use_texts();
    let user_info = use_user_info();
    let is_mounted = use_mounted();
    let (known, words) = match user_info {
        UserInfo::Asked => (None, texts.account.asking),
        UserInfo::Known(claims) => (Some(claims), texts.account.is_live),
        UserInfo::Failed => (None, texts.account.is_not_live),
    };
    let person = &props.person;
    html! {
        <section class="card wide">
            <h1>{ texts.account.title }</h1>
            <p>{ texts.account.lead }</p>
            if is_mounted {
                <p role="status" class="live">{ words }</p>
                <ClaimsTable claims={Rc::clone(&person.claims)} user_info={known} />
            } else {
                <noscript><p>{ texts.needs_script }</p></noscript>
            }
            <SessionExpiry person={person.clone()} />
        </section>
    }
}

/// Asks the provider, by the bff, what it knows of the person now.
#[hook]
fn use_user_info() -> UserInfo {
    let user_info = use_state(|| UserInfo::Asked);
    let ask = use_auth().ask;
    use_effect_with((), {
        let user_info = user_info.setter();
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
