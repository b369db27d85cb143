//! Ends the session: a button, because it changes something.

use crate::{
    api::Failure,
    auth::{AuthHandle, use_auth},
    language::use_texts,
};
use shared::ProblemCode;
use yew::{platform::spawn_local, prelude::*};

/// How far a sign-out has come.
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
            progress.set(SignOut::Underway);
            spawn_local(sign_out(auth.clone(), progress.clone()));
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

/// On success the page is left, so the button stays as it is.
async fn sign_out(auth: AuthHandle, progress: UseStateSetter<SignOut>) {
    match auth.sign_out().await {
        Ok(()) => {}
        // Signed out elsewhere meanwhile: show what is so now.
        Err(Failure::Refused(ProblemCode::NotSignedIn)) => auth.reload.emit(()),
        Err(_) => progress.set(SignOut::Failed),
    }
}
