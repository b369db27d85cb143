//! The app of a visitor: the pages as [`crate::app`] shows them while nobody is signed in, without what only a person who is
//! signed in needs. It is a WebAssembly of its own, for a first visit should be light.
//!
//! The bff puts it into its page when it knows that nobody is signed in. As soon as somebody is, the page is loaded anew,
//! and with it the whole app.

use crate::{
    api,
    app::{header, use_page},
    auth::{AuthHandle, use_back_from_cache},
    browser,
    language::use_chosen_language,
    live::{Told, use_live_without_session},
    navigation::use_navigation,
    pages,
    start::Start,
    texts::VisitorTexts,
};
use shared::View;
use yew::{platform::spawn_local, prelude::*};

/// Properties of [`Visitor`].
#[derive(PartialEq, Properties)]
pub(crate) struct VisitorProps {
    pub(crate) start: Start,
}

/// The visitor's app.
#[component]
pub(crate) fn Visitor(props: &VisitorProps) -> Html {
    let Start { language, here } = &props.start;
    let language = use_chosen_language(*language);
    let navigation = use_navigation(here);
    let texts = VisitorTexts::of(language.language);
    use_page(&navigation.here, texts);
    use_whole_app_when_somebody_signs_in();
    let auth = AuthHandle::of_visitor(language.language, navigation.here.return_to.clone());
    let page = match navigation.here.view {
        View::Home => pages::welcome(&auth, texts),
        View::Account => pages::ask_to_sign_in(&auth, texts.account, texts),
        View::Sessions => pages::ask_to_sign_in(&auth, texts.sessions, texts),
        View::SignInFailed(reason) => pages::sign_in_failed(reason, &auth, &navigation, texts),
        View::NotFound => pages::not_found(&navigation, texts),
    };
    html! {
        <>
            { header(Html::default(), &language, &navigation, texts) }
            <main>{ page }</main>
            // Nothing is ever said here: it is the frame of the whole app.
            <div class="notices" role="status"></div>
        </>
    }
}

/// Another tab may have signed in, or this page may have been away.
#[hook]
fn use_whole_app_when_somebody_signs_in() {
    let look = use_callback((), |_: Told, ()| {
        spawn_local(async {
            if api::is_somebody_signed_in().await == Ok(true) {
                browser::reload();
            }
        });
    });
    use_live_without_session(look);
    // What the back/forward cache shows is past: it stays only when it is known to be so still.
    let look = use_callback((), |(), ()| {
        spawn_local(async {
            if api::is_somebody_signed_in().await != Ok(false) {
                browser::reload();
            }
        });
    });
    use_back_from_cache(look);
}
