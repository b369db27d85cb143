//! The frame of every page: language, session, header, and the page that the address shows.

use crate::{
    auth::AuthProvider,
    browser,
    components::LanguageSwitch,
    language::{LanguageProvider, use_texts},
    pages, problem,
    route::View,
    texts::{PRODUCT, Texts},
};
use shared::path::PROBLEM_ELEMENT;
use yew::prelude::*;

/// The whole app.
#[component]
pub(crate) fn App() -> Html {
    let view = *use_memo((), |()| view_of_this_page());
    html! {
        <LanguageProvider>
            <AuthProvider {view}>
                // index.html holds the product too, for the first paint.
                <header>
                    <a class="brand" href="/">{ PRODUCT }</a>
                    <LanguageSwitch />
                </header>
                <Page {view} />
            </AuthProvider>
        </LanguageProvider>
    }
}

fn view_of_this_page() -> View {
    let problem = problem::code(&browser::data_block(PROBLEM_ELEMENT));
    View::of(&browser::path(), &browser::query(), problem)
}

#[derive(PartialEq, Properties)]
struct PageProps {
    view: View,
}

#[component]
fn Page(props: &PageProps) -> Html {
    let texts = use_texts();
    use_effect_with(title(props.view, texts), |title| browser::set_title(title));

    let page = match props.view {
        View::Home => pages::home(texts),
        View::SignInFailed(reason) => pages::sign_in_failed(reason, texts),
        View::NotFound => pages::not_found(texts),
    };
    html! { <main>{ page }</main> }
}

/// The document's title: the page, then the product.
fn title(view: View, texts: &Texts) -> String {
    let page = match view {
        View::Home => return PRODUCT.to_owned(),
        View::SignInFailed(_) => texts.sign_in_failed.title,
        View::NotFound => texts.not_found.title,
    };
    format!("{page} – {PRODUCT}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn the_title_names_the_page_in_the_persons_language() {
        let japanese = Texts::of(Language::Japanese);
        assert_eq!(title(View::Home, japanese), "Bookstore");
        assert_eq!(
            title(View::NotFound, japanese),
            "ページが見つかりません – Bookstore"
        );
    }
}
