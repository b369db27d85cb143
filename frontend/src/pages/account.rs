//! `/account`: what is known of the person, as the provider has it now.

use super::for_the_person;
use crate::{
    auth::{AuthHandle, SignedIn},
    components::{SessionExpiry, claims_table},
    language::use_language,
    mounted::use_mounted,
    texts::Texts,
    user_info::{UserInfo, use_user_info},
};
use yew::prelude::*;

/// The page.
pub(crate) fn account(auth: &AuthHandle, texts: &Texts) -> Html {
    for_the_person(auth, texts.account_title, texts, |person| {
        html! { <Details key={person.claims.sub.clone()} person={person.clone()} /> }
    })
}

#[derive(PartialEq, Properties)]
struct DetailsProps {
    person: SignedIn,
}

#[component]
fn Details(props: &DetailsProps) -> Html {
    let language = use_language().language;
    let texts = Texts::of(language);
    let account = &texts.account;
    let user_info = use_user_info();
    let is_mounted = use_mounted();
    let (known, words) = match &user_info {
        UserInfo::Asked => (None, account.asking),
        UserInfo::Known(claims) => (Some(&**claims), account.is_live),
        UserInfo::Failed(_) => (None, account.is_not_live),
    };
    let person = &props.person;
    html! {
        <section class="card wide">
            <h1>{ texts.account_title }</h1>
            <p>{ account.lead }</p>
            if is_mounted {
                <p role="status" class="live"><span key={words}>{ words }</span></p>
                { claims_table(&person.claims, known, language) }
            } else {
                <p class="needs-app">{ texts.needs_app }</p>
            }
            <SessionExpiry person={person.clone()} />
        </section>
    }
}
