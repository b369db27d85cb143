//! The frame of every page: language, address, session, header, and the page that the address shows.

use crate::{
    auth::{AuthProvider, AuthState, use_auth},
    browser,
    components::{LanguageSwitch, Link, Notices},
    language::{LanguageProvider, use_texts},
    navigation::{Here, NavigationProvider, use_navigation},
    pages,
    start::Start,
    texts::{PRODUCT, Texts},
};
use shared::{View, path};
use yew::prelude::*;

/// Properties of [`App`].
#[derive(PartialEq, Properties)]
pub(crate) struct AppProps {
    pub(crate) start: Start,
}

/// The whole app.
#[component]
pub(crate) fn App(props: &AppProps) -> Html {
    let Start {
        language,
        here,
        auth,
    } = props.start.clone();
    html! {
        <LanguageProvider first={language}>
            <NavigationProvider first={here}>
                <Frame {auth} />
            </NavigationProvider>
        </LanguageProvider>
    }
}

#[derive(PartialEq, Properties)]
struct FrameProps {
    auth: AuthState,
}

#[component]
fn Frame(props: &FrameProps) -> Html {
    let here = use_navigation().here;
    let return_to = here.return_to.clone();
    html! {
        <AuthProvider first={props.auth.clone()} {return_to}>
            <Header />
            <Page {here} />
            <Notices />
        </AuthProvider>
    }
}

/// Where to go, for whoever is signed in, and the languages.
#[component]
fn Header() -> Html {
    let texts = use_texts();
    let is_signed_in = use_auth().state.person().is_some();
    html! {
        <header>
            <Link to={path::HOME} class="brand">{ PRODUCT }</Link>
            if is_signed_in {
                <nav aria-label={texts.pages}>
                    <Link to={path::ACCOUNT}>{ texts.account.title }</Link>
                    <Link to={path::SESSIONS_PAGE}>{ texts.sessions.title }</Link>
                </nav>
            }
            <LanguageSwitch />
        </header>
    }
}

#[derive(PartialEq, Properties)]
struct PageProps {
    here: Here,
}

#[component]
fn Page(props: &PageProps) -> Html {
    let texts = use_texts();
    let Here {
        view, pages_before, ..
    } = props.here;
    use_effect_with(title(view, texts), |title| browser::set_title(title));
    use_effect_with(pages_before, |&pages_before| {
        // Who has come by a link inside the app reads on from the new page's heading; the first page is the browser's.
        if pages_before > 0 {
            browser::focus("main h1");
        }
    });
    let page = match view {
        View::Home => html! { <pages::Home /> },
        View::Account => html! { <pages::Account /> },
        View::Sessions => html! { <pages::SessionsPage /> },
        View::SignInFailed(reason) => pages::sign_in_failed(reason, texts),
        View::NotFound => pages::not_found(texts),
    };
    html! { <main>{ page }</main> }
}

/// The document's title: the page, then the product.
pub(crate) fn title(view: View, texts: &Texts) -> String {
    let page = match view {
        View::Home => return PRODUCT.to_owned(),
        View::Account => texts.account.title,
        View::Sessions => texts.sessions.title,
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
