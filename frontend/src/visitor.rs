//! The app of a visitor: the pages as [`crate::app`] shows them while nobody is signed in, without what only a person who is
//! signed in needs. It is a WebAssembly of its own, for a first visit should be light.
//!
//! The bff puts it into its page when it knows that nobody is signed in, and has no problem to tell. As soon as the page learns that somebody is, it is
//! loaded anew, and with it the whole app.

use crate::{
    api,
    app::{header, use_page},
    auth::{AuthHandle, use_back_from_cache},
    back_off, browser,
    language::use_chosen_language,
    live::{Told, use_live_without_session},
    navigation::use_navigation,
    pages,
    start::Start,
    texts::VisitorTexts,
};
use shared::View;
use std::{cell::Cell, rc::Rc, time::Duration};
use yew::{
    platform::{spawn_local, time::sleep},
    prelude::*,
};

/// How often a bff that does not answer is asked again: three and a half minutes in all.
const TRIES: u32 = 10;

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
        View::Account => pages::ask_to_sign_in(&auth, texts.account_title, texts),
        View::Sessions => pages::ask_to_sign_in(&auth, texts.sessions_title, texts),
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
    let keeps_asking = use_memo((), |()| Cell::new(false));
    let look = use_callback((), move |_: Told, ()| {
        // One that is not seen asks when it is seen again.
        if browser::is_visible() {
            spawn_local(reload_if_somebody_is_signed_in(Rc::clone(&keeps_asking)));
        }
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

/// Each thing that is told leads to one question. When the bff does not answer, one of them is repeated, ever more seldom.
async fn reload_if_somebody_is_signed_in(keeps_asking: Rc<Cell<bool>>) {
    let mut answer = api::is_somebody_signed_in().await;
    if answer.is_err() && !keeps_asking.replace(true) {
        for tries in 0..TRIES {
            let pause = back_off::pause(tries, browser::random());
            sleep(Duration::from_millis(pause.into())).await;
            answer = api::is_somebody_signed_in().await;
            if answer.is_ok() {
                break;
            }
        }
        keeps_asking.set(false);
    }
    if answer == Ok(true) {
        browser::reload();
    }
}
