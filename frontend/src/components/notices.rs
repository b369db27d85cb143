//! What the person should know now, whatever page is open: at the foot of the window, so that nothing jumps.

use super::sign_in_button;
use crate::{
    api::Failure,
    auth::{AuthHandle, AuthState, Ending, use_auth},
    browser,
    language::use_language,
    texts::Texts,
};
use shared::{Language, SignedOutReason};
use yew::prelude::*;

/// Something to know.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Notice {
    /// The session has ended, and why.
    SignedOut(SignedOutReason),
    /// The session ends soon.
    Expiring(Ending),
    /// The bff could not be asked, so what the page says may be old.
    Trouble(Failure),
}

/// The most urgent thing to know: of a bff that cannot be asked the person learns first, for the rest may be old then.
fn notice(auth: &AuthHandle) -> Option<Notice> {
    let signed_out = match auth.state {
        AuthState::SignedOut(reason) => reason.map(Notice::SignedOut),
        _ => None,
    };
    let trouble = auth.trouble.map(Notice::Trouble);
    trouble
        .or(signed_out)
        .or(auth.expiring.map(Notice::Expiring))
}

/// Shows that the session has ended and why, that it ends soon and how to stay, or that the bff cannot be reached.
///
/// ```
/// # use frontend::{AuthProvider, Notices};
/// # use yew::prelude::*;
/// # #[component]
/// # fn Shop() -> Html {
/// html! { <AuthProvider><main>{ "…" }</main><Notices /></AuthProvider> }
/// # }
/// ```
#[component]
pub fn Notices() -> Html {
    let auth = use_auth();
    let language = use_language().language;
    let texts = Texts::of(language);
    let notice = notice(&auth);
    let is_closed = use_state(|| false);
    // The next one is not closed because this one was.
    use_effect_with(notice, {
        let is_closed = is_closed.setter();
        move |_| is_closed.set(false)
    });
    let shown = notice.filter(|_| !*is_closed);
    let close = {
        let is_closed = is_closed.setter();
        move |_: MouseEvent| {
            is_closed.set(true);
            browser::focus("main h1"); // the button that had the focus goes
        }
    };
    // The region is there before its words: else a screen reader would not read them out.
    html! {
        <div class="notices" role="status">
            if let Some(notice) = shown {
                <div class="notice" key={words(notice, language)}>
                    <p>{ words(notice, language) }</p>
                    <p class="actions">
                        { next_step(notice, &auth, texts) }
                        <button type="button" class="button" onclick={close}>{ texts.close }</button>
                    </p>
                </div>
            }
        </div>
    }
}

fn words(notice: Notice, language: Language) -> String {
    let notices = &Texts::of(language).notices;
    match notice {
        Notice::SignedOut(reason) => (notices.signed_out)(reason).to_owned(),
        Notice::Expiring(Ending { at, can_be_renewed }) => {
            let time = browser::local_clock(at, language.tag());
            let words = if can_be_renewed {
                notices.expiring
            } else {
                notices.ending
            };
            words(&time)
        }
        Notice::Trouble(_) => notices.trouble.to_owned(),
    }
}

fn next_step(notice: Notice, auth: &AuthHandle, texts: &Texts) -> Html {
    let button = |id: &'static str, label: &'static str, onclick: Callback<MouseEvent>| {
        html! { <button type="button" class="button primary" {id} {onclick}>{ label }</button> }
    };
    match notice {
        // The page of a visitor offers to sign in by itself.
        Notice::SignedOut(_) => Html::default(),
        Notice::Expiring(ending) if ending.can_be_renewed => {
            let auth = auth.clone();
            button(
                "renew",
                texts.notices.stay,
                Callback::from(move |_| auth.renew()),
            )
        }
        // Nothing makes its last minutes longer but a new sign-in.
        Notice::Expiring(_) => sign_in_button(auth, "sign-in-again", texts.notices.sign_in_again),
        Notice::Trouble(_) => button("ask-again", texts.try_again, auth.ask.reform(|_| ())),
    }
}
