//! Who is signed in: the state, the provider component that keeps it, the hook that reads it.

use crate::{
    api::{self, Failure},
    browser,
    language::use_language,
    link, problem, return_to,
    route::View,
    sign_in_link,
};
use gloo::events::EventListener;
use shared::{AuthStatus, Claims, ProblemCode, SessionTimes, path};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use yew::{platform::spawn_local, prelude::*};

/// What is known about this browser's session.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum AuthState {
    /// The bff has been asked and has not answered yet.
    Loading,
    /// Nobody is signed in here.
    SignedOut,
    /// A person is signed in here.
    SignedIn(SignedIn),
    /// The bff could not be asked: whether somebody is signed in is not known.
    Failed(Failure),
}

/// A person who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    /// What the provider says about the person.
    pub(crate) claims: Rc<Claims>,
    /// How long the session lasts, seen from when the bff answered.
    pub(crate) session: SessionTimes,
}

/// Each answer of the bff is its own; comparing what it says claim by claim would only cost.
impl PartialEq for SignedIn {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.claims, &other.claims)
    }
}

impl From<Result<AuthStatus, Failure>> for AuthState {
    fn from(answer: Result<AuthStatus, Failure>) -> Self {
        match answer {
            Ok(AuthStatus::SignedOut) => Self::SignedOut,
            Ok(AuthStatus::SignedIn { claims, session }) => Self::SignedIn(SignedIn {
                claims: claims.into(),
                session,
            }),
            Err(failure) => Self::Failed(failure),
        }
    }
}

impl AuthState {
    /// The state at first paint, from what the bff wrote into the page; `Loading` when it wrote nothing.
    fn at_first(status: &str, problem: &str) -> Self {
        match (serde_json::from_str(status), problem::code(problem)) {
            (Ok(status), _) => Ok(status).into(),
            (Err(_), Some(code)) => Self::Failed(Failure::Refused(code)),
            (Err(_), None) => Self::Loading,
        }
    }

    fn from_page() -> Self {
        Self::at_first(
            &browser::data_block(path::AUTH_STATUS_ELEMENT),
            &browser::data_block(path::PROBLEM_ELEMENT),
        )
    }
}

/// What a component can know and do about the sign-in.
#[derive(Clone, PartialEq)]
pub(crate) struct AuthHandle {
    /// Who is signed in.
    pub(crate) state: AuthState,
    /// Where a sign-in started on this page returns to.
    pub(crate) return_to: AttrValue,
    /// The address of the link that begins a sign-in.
    pub(crate) sign_in_href: AttrValue,
    /// Asks the bff again.
    pub(crate) reload: Callback<()>,
}

impl AuthHandle {
    /// Ends the session here and leaves for the provider to end it there.
    pub(crate) fn sign_out(&self, on_failure: Callback<()>) {
        let reload = self.reload.clone();
        spawn_local(async move {
            match api::sign_out().await {
                Ok(answer) => browser::visit(link::after_sign_out(&answer.redirect_to)),
                // Signed out elsewhere meanwhile: show what is so now.
                Err(Failure::Refused(ProblemCode::NotSignedIn)) => reload.emit(()),
                Err(_) => on_failure.emit(()),
            }
        });
    }
}

/// The sign-in, inside [`AuthProvider`].
#[hook]
pub(crate) fn use_auth() -> AuthHandle {
    use_context().expect("use_auth is called inside AuthProvider")
}

/// Properties of [`AuthProvider`].
#[derive(PartialEq, Properties)]
pub(crate) struct AuthProviderProps {
    /// What the page shows.
    pub(crate) view: View,
    /// The components that may call [`use_auth`].
    pub(crate) children: Children,
}

/// Keeps the state for everything inside it.
#[component]
pub(crate) fn AuthProvider(props: &AuthProviderProps) -> Html {
    let language = use_language().language;
    let state = use_state(AuthState::from_page);
    let reload = use_reload(state.setter());
    use_ask_when_nothing_is_known(*state == AuthState::Loading, reload.clone());
    use_reload_from_back_forward_cache(reload.clone());

    let return_to = use_memo(props.view, |view| return_to::from_view(*view));
    let auth = AuthHandle {
        state: (*state).clone(),
        return_to: (*return_to).clone().into(),
        sign_in_href: sign_in_link::href(&return_to, language).into(),
        reload,
    };
    html! {
        <ContextProvider<AuthHandle> context={auth}>{ props.children.clone() }</ContextProvider<AuthHandle>>
    }
}

/// Asks the bff and keeps its answer; until then nothing is known, so nothing of a person stays on the page.
#[hook]
fn use_reload(state: UseStateSetter<AuthState>) -> Callback<()> {
    use_callback((), move |(), ()| {
        let state = state.clone();
        state.set(AuthState::Loading);
        spawn_local(async move { state.set(api::auth_status().await.into()) });
    })
}

/// Under `trunk serve` the page comes without a status.
#[hook]
fn use_ask_when_nothing_is_known(nothing_is_known: bool, reload: Callback<()>) {
    use_effect_with((), move |()| {
        if nothing_is_known {
            reload.emit(());
        }
    });
}

/// A page from the back/forward cache shows a past state: somebody may have signed out since.
#[hook]
fn use_reload_from_back_forward_cache(reload: Callback<()>) {
    use_effect_with((), move |()| {
        let listener = EventListener::new(&browser::window(), "pageshow", move |event| {
            let event: &web_sys::PageTransitionEvent = event.unchecked_ref();
            if event.persisted() {
                reload.emit(());
            }
        });
        move || drop(listener)
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::Problem;

    const SIGNED_IN: &str = r#"{"isAuthenticated":true,"claims":{"sub":"rm551g7117ni"},
        "session":{"expiresIn":1209600,"idleExpiresIn":86400}}"#;

    fn problem(code: ProblemCode) -> String {
        serde_json::to_string(&Problem::new(code)).unwrap()
    }

    #[test]
    fn the_status_in_the_page_needs_no_request() {
        let state = AuthState::at_first(r#"{"isAuthenticated":false}"#, "");
        assert_eq!(state, AuthState::SignedOut);

        let AuthState::SignedIn(person) = AuthState::at_first(SIGNED_IN, "") else {
            panic!("somebody is signed in")
        };
        assert_eq!(person.claims.sub, "rm551g7117ni");
        assert_eq!(person.session.idle_expires_in, 86_400);
    }

    #[test]
    fn an_error_page_still_says_who_is_signed_in() {
        let problem = problem(ProblemCode::ProviderUnavailable);
        let state = AuthState::at_first(r#"{"isAuthenticated":false}"#, &problem);
        assert_eq!(state, AuthState::SignedOut);
    }

    #[test]
    fn a_page_without_status_is_loading_or_failed_but_never_signed_out() {
        assert_eq!(AuthState::at_first("", ""), AuthState::Loading);
        assert_eq!(
            AuthState::at_first("", &problem(ProblemCode::StoreUnavailable)),
            AuthState::Failed(Failure::Refused(ProblemCode::StoreUnavailable))
        );
        assert_eq!(
            AuthState::from(Err(Failure::Unreachable)),
            AuthState::Failed(Failure::Unreachable)
        );
    }
}
