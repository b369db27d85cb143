//! What the person should know now, whatever page is open: at the foot of the window, so that nothing jumps.

use super::SignInButton;
use crate::{
    api::Failure,
    auth::{AuthHandle, AuthState, use_auth},
    language::use_texts,
    texts::Texts,
    time_left::TimeLeft,
};
use shared::{Expiring, SignedOutReason};
use yew::prelude::*;

/// Something to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Notice {
    /// The session has ended, and why.
    SignedOut(SignedOutReason),
    /// The session ends soon.
    Expiring(Expiring),
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
    let texts = use_texts();
    let notice = notice(&auth);
    let closed = use_state(|| None::<Notice>);
    let shown = notice.filter(|notice| Some(*notice) != *closed);
    let close = {
        let closed = closed.setter();
        move |_: MouseEvent| closed.set(notice)
    };
    // The region is there before its words: else a screen reader would not read them out.
    html! {
        <div class="notices" role="status">
            if let Some(notice) = shown {
                <div class="notice">
                    <p>{ words(notice, texts) }</p>
                    <p class="actions">
                        { next_step(notice, &auth, texts) }
                        <button type="button" class="button" onclick={close}>{ texts.close }</button>
                    </p>
                </div>
            }
        </div>
    }
}

fn words(notice: Notice, texts: &Texts) -> Html {
    match notice {
        Notice::SignedOut(reason) => (texts.notices.signed_out)(reason).into(),
        Notice::Expiring(Expiring {
            idle_expires_in, ..
        }) => (texts.notices.expiring)(TimeLeft::from_seconds(idle_expires_in)).into(),
        Notice::Trouble(_) => texts.notices.trouble.into(),
    }
}

fn next_step(notice: Notice, auth: &AuthHandle, texts: &Texts) -> Html {
    let button = |id: &'static str, label: &'static str, onclick: Callback<MouseEvent>| {
        html! { <button type="button" class="button primary" {id} {onclick}>{ label }</button> }
    };
    match notice {
        // The page of a visitor offers to sign in by itself.
        Notice::SignedOut(_) => Html::default(),
        Notice::Expiring(expiring) if expiring.idle_expires_in < expiring.expires_in => {
            let auth = auth.clone();
            button(
                "renew",
                texts.notices.stay,
                Callback::from(move |_| auth.renew()),
            )
        }
        // Nothing makes its last minutes longer but a new sign-in.
        Notice::Expiring(_) => html! { <SignInButton label={texts.notices.sign_in_again} /> },
        Notice::Trouble(_) => button("ask-again", texts.try_again, auth.ask.reform(|_| ())),
    }
}
