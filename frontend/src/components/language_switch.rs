//! One button for each language, with the language's own name.

use crate::language::{Language, LanguageHandle, use_language, use_texts};
use yew::prelude::*;

/// Changes the language of the page.
#[component]
pub(crate) fn LanguageSwitch() -> Html {
    let current = use_language();
    let texts = use_texts();
    html! {
        <div class="languages" role="group" aria-label={texts.choose_language}>
            { for Language::ALL.into_iter().map(|language| view_language(language, &current)) }
        </div>
    }
}

fn view_language(language: Language, current: &LanguageHandle) -> Html {
    let pressed = (language == current.language).to_string();
    let onclick = current.choose.reform(move |_: MouseEvent| language);
    html! {
        <button type="button" lang={language.tag()} aria-pressed={pressed} {onclick}>
            { language.own_name() }
        </button>
    }
}
