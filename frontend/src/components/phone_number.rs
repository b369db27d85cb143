//! A phone number that is masked until its owner wants to see it: people look over shoulders.

use crate::language::use_texts;
use shared::mask_phone;
use yew::prelude::*;

/// Properties of [`PhoneNumber`].
#[derive(PartialEq, Properties)]
pub(crate) struct PhoneNumberProps {
    /// The number (E.164).
    pub(crate) number: String,
}

/// A phone number, and the button that shows and hides it.
#[component]
pub(crate) fn PhoneNumber(props: &PhoneNumberProps) -> Html {
    let texts = use_texts();
    let is_shown = use_state(|| false);
    let onclick = {
        let (setter, next) = (is_shown.setter(), !*is_shown);
        move |_: MouseEvent| setter.set(next)
    };
    let account = &texts.account;
    let (number, label, aria_label) = if *is_shown {
        (props.number.clone(), account.hide, account.hide_phone)
    } else {
        (mask_phone(&props.number), account.show, account.show_phone)
    };
    html! {
        <span class="phone" translate="no">
            <bdi key={number.clone()} class="identifier">{ number }</bdi>
            <button type="button" class="small" aria-label={aria_label} {onclick}>
                <span key={label}>{ label }</span>
            </button>
        </span>
    }
}
