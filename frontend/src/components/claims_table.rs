//! What the provider says about the person, in words.

use crate::{
    auth::SignedIn,
    browser,
    claims::{self, ClaimRow, ClaimValue},
    language::{Language, use_language},
    texts::{Account, Texts},
};
use yew::prelude::*;

/// Properties of [`ClaimsTable`].
#[derive(PartialEq, Properties)]
pub(crate) struct ClaimsTableProps {
    /// Whose claims.
    pub(crate) person: SignedIn,
}

/// The claims of the person who is signed in.
#[component]
pub(crate) fn ClaimsTable(props: &ClaimsTableProps) -> Html {
    let language = use_language().language;
    let account = &Texts::of(language).account;
    html! {
        <section class="card wide" aria-labelledby="claims-title">
            <h2 id="claims-title">{ account.claims }</h2>
            <p>{ account.claims_lead }</p>
            <table>
                <tbody>
                    { for claims::rows(&props.person.claims).map(|row| view_row(&row, account, language)) }
                </tbody>
            </table>
        </section>
    }
}

fn view_row(row: &ClaimRow, account: &Account, language: Language) -> Html {
    let name = row.name.as_str();
    html! {
        <tr key={name} data-claim={name}>
            <th scope="row">{ (account.claim)(row.name) }<code>{ name }</code></th>
            <td>{ view_value(&row.value, account, language) }</td>
        </tr>
    }
}

/// `<bdi>` keeps a value with right-to-left marks from turning the words around it.
fn view_value(value: &ClaimValue, account: &Account, language: Language) -> Html {
    match value {
        ClaimValue::Text(text) => html! { <bdi>{ text }</bdi> },
        ClaimValue::Identifier(text) => html! { <bdi class="identifier">{ text }</bdi> },
        ClaimValue::YesNo(true) => account.yes.into(),
        ClaimValue::YesNo(false) => account.no.into(),
        ClaimValue::Moment(moment) => browser::local_time(*moment, language.tag()).into(),
        ClaimValue::Link(address) => html! {
            <a href={address.clone()} rel="noopener noreferrer nofollow"><bdi>{ address }</bdi></a>
        },
    }
}
