//! One button for each language, with the language's own name.

use super::LanguageHandle;
use shared::Language;
use yew::prelude::*;

/// Changes the language of the page.
pub(crate) fn language_switch(current: &LanguageHandle, label: &'static str) -> Html {
    html! {
        <div class="languages" role="group" aria-label={label} translate="no">
            { for Language::ALL.into_iter().map(|language| view_language(language, current)) }
        </div>
    }
}

fn view_language(language: Language, current: &LanguageHandle) -> Html {
    let pressed = if language == current.language {
        "true"
    } else {
        "false"
    };
    let onclick = current.choose.reform(move |_: MouseEvent| language);
    html! {
        <button type="button" lang={language.tag()} aria-pressed={pressed} {onclick}>
            { language.own_name() }
        </button>
    }
}
