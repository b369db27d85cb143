//! What the provider says about the person, in words.

use super::PhoneNumber;
use crate::{
    browser,
    claims::{self, ClaimRow, ClaimValue},
    language::use_language,
    texts::{Account, Texts},
};
use shared::{Claims, Language};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`ClaimsTable`].
#[derive(PartialEq, Properties)]
pub struct ClaimsTableProps {
    /// What the sign-in said of the person.
    pub claims: Rc<Claims>,
    /// What the provider says now (userinfo), when it has been asked.
    #[prop_or_default]
    pub user_info: Option<Rc<Claims>>,
}

/// The claims of a person: each with what it means, and a phone number masked until it is asked for.
///
/// ```
/// # use frontend::{Authenticated, ClaimsTable, SignedIn};
/// # use yew::prelude::*;
/// # #[component]
/// # fn Account() -> Html {
/// html! {
///     <Authenticated>
///         { |person: SignedIn| html! { <ClaimsTable claims={person.claims} /> } }
///     </Authenticated>
/// }
/// # }
/// ```
#[component]
pub fn ClaimsTable(props: &ClaimsTableProps) -> Html {
    let language = use_language().language;
    claims_table(&props.claims, props.user_info.as_deref(), language)
}

pub(crate) fn claims_table(
    claims: &Claims,
    user_info: Option<&Claims>,
    language: Language,
) -> Html {
    let texts = Texts::of(language);
    let account = &texts.account;
    let rows = claims::rows(claims, user_info);
    html! {
        // Roles, because on a narrow page the rows are blocks, and some browsers then forget what they are.
        <table role="table" aria-label={texts.account_title}>
            <tbody role="rowgroup">
                { for rows.map(|row| view_row(row, account, language)) }
            </tbody>
        </table>
    }
}

fn view_row(row: ClaimRow, account: &Account, language: Language) -> Html {
    let name = row.name.as_str();
    html! {
        <tr key={name} role="row" data-claim={name}>
            <th scope="row" role="rowheader">{ (account.claim)(row.name) }<code>{ name }</code></th>
            <td role="cell">{ view_value(row.value, account, language) }</td>
        </tr>
    }
}

/// `<bdi>` keeps a value with right-to-left marks from turning the words around it. Another value is another element.
fn view_value(value: ClaimValue, account: &Account, language: Language) -> Html {
    let words = |words: String| html! { <span key={words.clone()}>{ words }</span> };
    match value {
        ClaimValue::Text(text) => html! { <bdi key={text.clone()}>{ text }</bdi> },
        ClaimValue::Identifier(text) => {
            html! { <bdi key={text.clone()} class="identifier">{ text }</bdi> }
        }
        ClaimValue::Phone(number) => html! { <PhoneNumber {number} /> },
        ClaimValue::YesNo(true) => words(account.yes.to_owned()),
        ClaimValue::YesNo(false) => words(account.no.to_owned()),
        ClaimValue::Moment(moment) => words(browser::local_time(moment, language.tag())),
        ClaimValue::Link(address) => html! {
            <a key={address.clone()} href={address.clone()} rel="noopener noreferrer nofollow"><bdi>{ address }</bdi></a>
        },
    }
}
