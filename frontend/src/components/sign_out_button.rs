//! Ends the session: a button, because it changes something.

use crate::{auth::use_auth, language::use_texts};
use yew::prelude::*;

/// How far a sign-out has come. When it is done the page is left.
#[derive(Clone, Copy, PartialEq)]
enum SignOut {
    NotAsked,
    Underway,
    Failed,
}

/// The button that signs out.
#[component]
pub(crate) fn SignOutButton() -> Html {
    let auth = use_auth();
    let texts = use_texts();
    let progress = use_state(|| SignOut::NotAsked);
    let onclick = {
        let progress = progress.setter();
        move |_: MouseEvent| {
            let failed = progress.clone();
            progress.set(SignOut::Underway);
            auth.sign_out(Callback::from(move |()| failed.set(SignOut::Failed)));
        }
    };
    let underway = *progress == SignOut::Underway;
    html! {
        <div class="actions">
            <button type="button" class="button" id="sign-out" disabled={underway} {onclick}>
                { if underway { texts.signing_out } else { texts.sign_out } }
            </button>
            if *progress == SignOut::Failed {
                <p class="error" role="alert">{ texts.sign_out_failed }</p>
            }
        </div>
    }
}
