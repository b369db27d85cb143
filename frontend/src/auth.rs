//! Who is signed in: the state, the provider component that keeps it, the hook that reads it.

mod provider;
mod reducer;

pub use provider::{AuthProvider, AuthProviderProps};

use crate::{
    api::{self, Failure},
    browser,
    live::TabMessage,
    return_to, safe_url, sign_in_link, wire,
};
use shared::{
    AuthStatus, Claims, Language, SessionTimes, SignInOptions, SignOutRequest, SignedOutReason,
    path,
};
use std::rc::Rc;
use yew::{platform::spawn_local, prelude::*};

/// What is known about this browser's session.
#[derive(Clone, Debug, PartialEq)]
pub enum AuthState {
    /// The bff has been asked and has not answered yet.
    Loading,
    /// Nobody is signed in here; when somebody was, on this very page, then why not any more.
    SignedOut(Option<SignedOutReason>),
    /// A person is signed in here.
    SignedIn(SignedIn),
    /// The bff could not be asked: whether somebody is signed in is not known.
    Failed(Failure),
}

/// A person who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// What the provider says about the person.
    pub claims: Rc<Claims>,
    /// How long the session lasts, seen from [`SignedIn::told_at`].
    pub session: SessionTimes,
    /// What the access token allows, by the provider's word.
    pub scopes: Rc<[String]>,
    /// When the bff said so, in milliseconds since 1970 by this browser's clock.
    pub told_at: f64,
}

/// Each answer of the bff is its own; comparing what it says claim by claim would only cost.
impl PartialEq for SignedIn {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.claims, &other.claims)
    }
}

/// A session that ends soon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ending {
    /// When, in milliseconds since 1970 by this browser's clock.
    pub at: f64,
    /// Whether a visit makes it longer; else only a new sign-in helps.
    pub can_be_renewed: bool,
}

impl Ending {
    fn of(times: SessionTimes, now: f64) -> Self {
        let seconds = times.idle_expires_in.min(times.expires_in);
        #[expect(clippy::cast_precision_loss, reason = "minutes are exact")]
        let milliseconds = seconds as f64 * 1000.0;
        Self {
            at: now + milliseconds,
            can_be_renewed: times.idle_expires_in < times.expires_in,
        }
    }
}

impl AuthState {
    /// What an answer of the bff says.
    pub(crate) fn of(answer: Result<AuthStatus, Failure>, told_at: f64) -> Self {
        match answer {
            Ok(AuthStatus::SignedOut) => Self::SignedOut(None),
            Ok(AuthStatus::SignedIn {
                claims,
                session,
                scopes,
            }) => Self::SignedIn(SignedIn {
                claims: claims.into(),
                session,
                scopes: scopes.into(),
                told_at,
            }),
            Err(failure) => Self::Failed(failure),
        }
    }

    /// The state at first paint, from what the bff wrote into the page; `Loading` when it wrote nothing.
    fn at_first(status: &str, problem: &str, now: f64) -> Self {
        match (wire::parse(status), wire::parse(problem)) {
            (Some(status), _) => Self::of(Ok(status), now),
            (None, Some(code)) => Self::Failed(Failure::Refused(code)),
            (None, None) => Self::Loading,
        }
    }

    pub(crate) fn from_page() -> Self {
        Self::at_first(
            &browser::take_data_block(path::AUTH_STATUS_ELEMENT),
            &browser::data_block(path::PROBLEM_ELEMENT),
            browser::now(),
        )
    }

    /// The name of the variant.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::SignedOut(_) => "signed-out",
            Self::SignedIn(_) => "signed-in",
            Self::Failed(_) => "failed",
        }
    }

    /// The person who is signed in, if it is known that somebody is.
    #[must_use]
    pub fn person(&self) -> Option<&SignedIn> {
        match self {
            Self::SignedIn(person) => Some(person),
            _ => None,
        }
    }
}

/// What a component can know and do about the sign-in.
#[derive(Clone, PartialEq)]
pub struct AuthHandle {
    /// Who is signed in.
    pub state: AuthState,
    /// Why the bff could not be asked lately. The state is then what was known before; it is asked again by itself.
    pub trouble: Option<Failure>,
    /// The session ends soon, by the bff's last word.
    pub expiring: Option<Ending>,
    /// Asks the bff again. Until it has answered nothing is known.
    pub reload: Callback<()>,
    /// Asks the bff again, and keeps what is known until it has answered.
    pub ask: Callback<()>,
    pub(crate) language: Language,
    /// Where a sign-in returns to, when it is not the address at that moment.
    pub(crate) return_to: Option<AttrValue>,
    pub(crate) broadcast: Callback<TabMessage>,
}

impl AuthHandle {
    /// The address of the link that begins a sign-in. What the options leave open is this page and its language.
    #[must_use]
    pub fn sign_in_href(&self, options: &SignInOptions) -> String {
        let language = || self.language.tag().to_owned();
        sign_in_link::href(&SignInOptions {
            return_to: Some(self.return_to(options)),
            ui_locales: options.ui_locales.clone().or_else(|| Some(language())),
            ..options.clone()
        })
    }

    /// Leaves for the provider to sign in. A link with [`AuthHandle::sign_in_href`] does the same without a script.
    pub fn sign_in(&self, options: &SignInOptions) {
        self.remember_return_to(options);
        browser::visit(&self.sign_in_href(options));
    }

    /// Ends the session here, or all of the person's, and leaves for the provider to end it there.
    pub fn sign_out(&self, options: SignOutRequest, on_failure: Callback<()>) {
        let auth = self.clone();
        spawn_local(async move {
            match api::sign_out(options).await {
                Ok(answer) => {
                    auth.broadcast.emit(TabMessage::signed_out(options));
                    browser::visit(safe_url::after_sign_out(&answer.redirect_to));
                }
                Err(_) => on_failure.emit(()),
            }
        });
    }

    /// Keeps the session alive, as a visit does, and asks how long it lasts now.
    pub fn renew(&self) {
        let (ask, broadcast) = (self.ask.clone(), self.broadcast.clone());
        spawn_local(async move {
            // What came of it is what the next answer says, in the other tabs too.
            let _ = api::visit().await;
            ask.emit(());
            broadcast.emit(TabMessage::Unsure);
        });
    }

    /// For a second try, should the sign-in fail.
    pub(crate) fn remember_return_to(&self, options: &SignInOptions) {
        return_to::remember(&self.return_to(options));
    }

    fn return_to(&self, options: &SignInOptions) -> String {
        options
            .return_to
            .clone()
            .or_else(|| self.return_to.as_ref().map(ToString::to_string))
            .unwrap_or_else(browser::address)
    }
}

/// The sign-in, inside [`AuthProvider`].
///
/// ```
/// # use frontend::{SignInOptions, use_auth};
/// # use yew::prelude::*;
/// #[component]
/// fn Checkout() -> Html {
///     let auth = use_auth();
///     let label = match auth.state.person() {
///         Some(person) => format!("Buy as {}", person.claims.display_name()),
///         None => "Sign in to buy".to_owned(),
///     };
///     let onclick = move |_: MouseEvent| {
///         if auth.state.person().is_none() {
///             auth.sign_in(&SignInOptions::default());
///         }
///     };
///     html! { <button {onclick}>{ label }</button> }
/// }
/// ```
///
/// # Panics
/// Outside of it; and so does every part that asks who is signed in.
#[hook]
pub fn use_auth() -> AuthHandle {
    use_context().expect("use_auth is called inside AuthProvider")
}

#[cfg(all(test, target_arch = "wasm32"))]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]
mod tests {
    use super::*;
    use shared::{Problem, ProblemCode};
    use wasm_bindgen_test::wasm_bindgen_test;

    const SIGNED_IN: &str = r#"{"isAuthenticated":true,"claims":{"sub":"rm551g7117ni"},
        "session":{"expiresIn":1209600,"idleExpiresIn":86400}}"#;

    fn problem(code: ProblemCode) -> String {
        serde_json::to_string(&Problem::new(code)).unwrap()
    }

    #[wasm_bindgen_test]
    fn the_status_in_the_page_needs_no_request() {
        let state = AuthState::at_first(r#"{"isAuthenticated":false}"#, "", 0.0);
        assert_eq!(state, AuthState::SignedOut(None));

        let state = AuthState::at_first(SIGNED_IN, "", 5.0);
        let person = state.person().unwrap();
        assert_eq!(person.claims.sub, "rm551g7117ni");
        assert_eq!(person.session.idle_expires_in, 86_400);
        assert!((person.told_at - 5.0).abs() < f64::EPSILON);
    }

    #[wasm_bindgen_test]
    fn an_error_page_still_says_who_is_signed_in() {
        let problem = problem(ProblemCode::ProviderUnavailable);
        let state = AuthState::at_first(r#"{"isAuthenticated":false}"#, &problem, 0.0);
        assert_eq!(state, AuthState::SignedOut(None));
    }

    #[wasm_bindgen_test]
    fn a_page_without_status_is_loading_or_failed_but_never_signed_out() {
        assert_eq!(AuthState::at_first("", "", 0.0), AuthState::Loading);
        assert_eq!(
            AuthState::at_first("", &problem(ProblemCode::StoreUnavailable), 0.0),
            AuthState::Failed(Failure::Refused(ProblemCode::StoreUnavailable))
        );
        assert_eq!(
            AuthState::of(Err(Failure::Unreachable), 0.0),
            AuthState::Failed(Failure::Unreachable)
        );
    }
}
