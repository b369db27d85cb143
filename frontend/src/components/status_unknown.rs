//! While it is not known whether somebody is signed in: that the answer is awaited, or that it did not come.

use crate::{
    api::Failure,
    auth::{AuthHandle, AuthState, use_auth},
    language::use_texts,
    texts::Texts,
};
use shared::ProblemCode;
use yew::prelude::*;

/// Shows itself when the state is loading or failed. It never claims that nobody is signed in.
///
/// ```
/// # use frontend::{AuthProvider, StatusUnknown};
/// # use yew::prelude::*;
/// # #[component]
/// # fn Shop() -> Html {
/// html! { <AuthProvider><StatusUnknown /></AuthProvider> }
/// # }
/// ```
#[component]
pub fn StatusUnknown() -> Html {
    status_unknown(&use_auth(), use_texts())
}

pub(crate) fn status_unknown(auth: &AuthHandle, texts: &Texts) -> Html {
    match auth.state {
        AuthState::Loading => html! { <p class="loading" role="status">{ texts.loading }</p> },
        AuthState::Failed(failure) => view_failure(failure, &auth.reload, texts),
        AuthState::SignedOut(_) | AuthState::SignedIn(_) => Html::default(),
    }
}

/// For whoever asks for help.
pub(crate) fn code_for_support(code: ProblemCode, texts: &Texts) -> Html {
    let label = texts.sign_in_failed.code;
    html! { <p class="fine-print">{ label }{ " " }<code>{ code.as_str() }</code></p> }
}

/// Says why the state is not known, and offers to ask again.
fn view_failure(failure: Failure, reload: &Callback<()>, texts: &Texts) -> Html {
    let retry = reload.reform(|event: MouseEvent| event.prevent_default());
    let explanation = texts.explain_failure(failure);
    html! {
        <section class="card" role="alert" id="status-failed">
            <h1>{ texts.status_failed.title }</h1>
            <p>{ explanation.what }</p>
            <p>{ explanation.next }</p>
            <p class="actions">
                // A link, so that it leads somewhere when the app cannot run.
                <a class="button primary" id="retry" href="/" onclick={retry}>{ texts.try_again }</a>
            </p>
            if let Failure::Refused(code) = failure {
                { code_for_support(code, texts) }
            }
        </section>
    }
}
