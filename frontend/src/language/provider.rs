//! Keeps the language for the whole app; choosing another one changes every text at once, without a reload.

use super::{cookie, of_the_person};
use crate::{browser, texts::Texts};
use shared::Language;
use yew::prelude::*;

/// The language and how to change it.
#[derive(Clone, PartialEq)]
pub struct LanguageHandle {
    /// The language that the page speaks.
    pub language: Language,
    /// Changes it, and remembers the choice.
    pub choose: Callback<Language>,
}

/// The language: of the [`LanguageProvider`] around, else that of the document.
///
/// ```
/// # use frontend::{Language, use_language};
/// # use yew::prelude::*;
/// #[component]
/// fn Title() -> Html {
///     let title = match use_language().language {
///         Language::English => "Books",
///         Language::Japanese => "本",
///         Language::SimplifiedChinese => "书",
///     };
///     html! { <h1>{ title }</h1> }
/// }
/// ```
#[hook]
pub fn use_language() -> LanguageHandle {
    use_context().unwrap_or_else(|| LanguageHandle {
        language: Language::from_tag(&browser::document_language()).unwrap_or(Language::English),
        choose: Callback::noop(),
    })
}

/// The texts in the current language.
#[hook]
pub(crate) fn use_texts() -> &'static Texts {
    Texts::of(use_language().language)
}

/// Properties of [`LanguageProvider`].
#[derive(PartialEq, Properties)]
pub struct LanguageProviderProps {
    /// The language at first. Usually absent: then it is the one that was chosen before, else the browser's.
    #[prop_or_else(of_the_person)]
    pub first: Language,
    /// The components that speak it.
    pub children: Children,
}

/// Keeps the language for everything inside it.
///
/// ```
/// # use frontend::{AuthProvider, LanguageProvider, SignInButton};
/// # use yew::prelude::*;
/// # #[component]
/// # fn Shop() -> Html {
/// html! {
///     <LanguageProvider>
///         <AuthProvider><SignInButton /></AuthProvider>
///     </LanguageProvider>
/// }
/// # }
/// ```
#[component]
pub fn LanguageProvider(props: &LanguageProviderProps) -> Html {
    let context = use_chosen_language(props.first);
    html! {
        <ContextProvider<LanguageHandle> {context}>
            { props.children.clone() }
        </ContextProvider<LanguageHandle>>
    }
}

/// The language that was chosen last, and how to choose another; the document follows.
#[hook]
pub(crate) fn use_chosen_language(first: Language) -> LanguageHandle {
    let language = use_state(|| first);
    use_effect_with(*language, |language| {
        browser::set_document_language(language.tag());
    });
    let choose = {
        let language = language.setter();
        use_callback((), move |chosen: Language, ()| {
            browser::set_cookie(&cookie(chosen));
            language.set(chosen);
        })
    };
    LanguageHandle {
        language: *language,
        choose,
    }
}
