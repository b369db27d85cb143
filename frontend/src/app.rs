//! The frame of every page: language, address, session, header, and the page that the address shows.

use crate::{
    api,
    auth::{AuthProvider, AuthState, use_auth},
    browser,
    components::Notices,
    language::{LanguageHandle, language_switch, use_chosen_language},
    navigation::{Here, Navigation, use_navigation},
    pages,
    start::Start,
    texts::{PRODUCT, Texts},
};
use shared::{View, path};
use yew::{platform::spawn_local, prelude::*};

/// Properties of [`App`].
#[derive(PartialEq, Properties)]
pub(crate) struct AppProps {
    pub(crate) start: Start,
    pub(crate) auth: AuthState,
}

/// The whole app.
#[component]
pub(crate) fn App(props: &AppProps) -> Html {
    let Start { language, here } = &props.start;
    let language = use_chosen_language(*language);
    let navigation = use_navigation(here);
    let first = props.auth.clone();
    let return_to = navigation.here.return_to.clone();
    html! {
        <ContextProvider<LanguageHandle> context={language.clone()}>
            <AuthProvider {first} {return_to}>
                <Frame {language} {navigation} />
            </AuthProvider>
        </ContextProvider<LanguageHandle>>
    }
}

#[derive(PartialEq, Properties)]
struct FrameProps {
    language: LanguageHandle,
    navigation: Navigation,
}

#[component]
fn Frame(props: &FrameProps) -> Html {
    let FrameProps {
        language,
        navigation,
    } = props;
    let texts = Texts::of(language.language);
    let Here {
        view, pages_before, ..
    } = navigation.here;
    use_page(&navigation.here, texts);
    let auth = use_auth();
    use_effect_with((pages_before, auth.state.person().is_some()), {
        // A page that is not loaded anew is a visit, too, and keeps the session alive.
        |&(pages_before, is_signed_in)| {
            if pages_before > 0 && is_signed_in {
                spawn_local(async {
                    // Whether it came through, the next answer says.
                    let _ = api::visit().await;
                });
            }
        }
    });
    let page = match view {
        View::Home => pages::home(&auth, navigation, texts),
        View::Account => pages::account(&auth, texts),
        View::Sessions => pages::sessions(&auth, texts),
        View::SignInFailed(reason) => pages::sign_in_failed(reason, &auth, navigation, texts),
        #[cfg(debug_assertions)]
        View::NotFound if navigation.here.return_to == pages::GALLERY => pages::gallery(&auth),
        View::NotFound => pages::not_found(navigation, texts),
    };
    let links = match auth.state.person() {
        Some(_) => page_links(navigation, language, texts),
        None => Html::default(),
    };
    // A translator may have replaced the nodes of texts, and what is written into the old ones nobody sees. So a page with
    // other texts is made of new elements.
    let kind = auth.state.kind();
    let key = format!("{}-{pages_before}-{kind}", language.language.tag());
    html! {
        <>
            { header(links, language, navigation, texts) }
            <main key={key.clone()}>{ page }</main>
            <Notices {key} />
        </>
    }
}

/// Where to go, for whoever is signed in.
fn page_links(navigation: &Navigation, language: &LanguageHandle, texts: &Texts) -> Html {
    html! {
        <nav key={language.language.tag()} aria-label={texts.pages}>
            { navigation.link(path::ACCOUNT, "", texts.account_title) }
            { navigation.link(path::SESSIONS_PAGE, "", texts.sessions_title) }
        </nav>
    }
}

/// The way home, further links, and the languages.
fn header(links: Html, language: &LanguageHandle, navigation: &Navigation, texts: &Texts) -> Html {
    html! {
        <header>
            { navigation.link(path::HOME, "brand", PRODUCT) }
            { links }
            { language_switch(language, texts.choose_language) }
        </header>
    }
}

/// What a page that is shown asks of the browser around it.
#[hook]
fn use_page(here: &Here, texts: &Texts) {
    use_effect_with(title(here.view, texts), |title| browser::set_title(title));
    use_effect_with(here.pages_before, |&pages_before| {
        // Who has come by a link inside the app reads on from the new page's heading; the first page is the browser's.
        if pages_before > 0 {
            browser::remove(".detail");
            browser::focus("main h1");
        }
    });
}

/// The document's title: the page, then the product.
pub(crate) fn title(view: View, texts: &Texts) -> String {
    let page = match view {
        View::Home => return PRODUCT.to_owned(),
        View::Account => texts.account_title,
        View::Sessions => texts.sessions_title,
        View::SignInFailed(_) => texts.sign_in_failed.title,
        View::NotFound => texts.not_found.title,
    };
    format!("{page} – {PRODUCT}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::Language;

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
