//! Keeps the language for the whole app; choosing another one changes every text at once, without a reload.

use super::Language;
use crate::{browser, texts::Texts};
use yew::prelude::*;

/// The language and how to change it.
#[derive(Clone, PartialEq)]
pub(crate) struct LanguageHandle {
    /// The language that the page speaks.
    pub(crate) language: Language,
    /// Changes it, and remembers the choice.
    pub(crate) choose: Callback<Language>,
}

/// The language, inside [`LanguageProvider`].
#[hook]
pub(crate) fn use_language() -> LanguageHandle {
    use_context().expect("use_language is called inside LanguageProvider")
}

/// The texts in the current language.
#[hook]
pub(crate) fn use_texts() -> &'static Texts {
    Texts::of(use_language().language)
}

/// Keeps the language for everything inside it.
#[component]
pub(crate) fn LanguageProvider(props: &yew::html::ChildrenProps) -> Html {
    let language = use_state(language_at_start);
    use_effect_with(*language, |language| {
        browser::set_document_language(language.tag());
    });
    let choose = {
        let language = language.setter();
        use_callback((), move |chosen: Language, ()| {
            browser::set_cookie(&chosen.cookie());
            language.set(chosen);
        })
    };
    let handle = LanguageHandle {
        language: *language,
        choose,
    };
    html! {
        <ContextProvider<LanguageHandle> context={handle}>
            { props.children.clone() }
        </ContextProvider<LanguageHandle>>
    }
}

fn language_at_start() -> Language {
    let preferred = browser::languages();
    Language::at_start(&browser::cookies(), preferred.iter().map(String::as_str))
}
