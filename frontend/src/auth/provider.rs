//! The component that keeps who is signed in, and reacts to whatever may change it.

use super::{
    AuthHandle, AuthState,
    reducer::{Action, Knowledge},
};
use crate::{
    api, back_off, browser,
    language::use_language,
    live::{TabMessage, use_live},
};
use gloo::{events::EventListener, timers::callback::Timeout};
use shared::SessionEvent;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use yew::{platform::spawn_local, prelude::*};

/// Properties of [`AuthProvider`].
#[derive(PartialEq, Properties)]
pub struct AuthProviderProps {
    /// What is known at first. Usually absent: then it is what the bff wrote into the page, and if that is nothing, the
    /// bff is asked.
    #[prop_or_else(AuthState::from_page)]
    pub first: AuthState,
    /// Where a sign-in on this page returns to: a local path. Absent, it is the address when the person sets out.
    #[prop_or_default]
    pub return_to: Option<AttrValue>,
    /// The components that may call [`use_auth`](super::use_auth).
    pub children: Children,
}

/// Keeps who is signed in for everything inside it. It sends changes to the browser's other tabs, and receives them from
/// these and from the bff. A [`LanguageProvider`](crate::LanguageProvider) may go around it: without one the
/// parts speak the language of the document.
///
/// ```
/// # use frontend::{Anonymous, AuthProvider, Authenticated, SignInButton, SignedIn};
/// # use yew::prelude::*;
/// #[component]
/// fn Shop() -> Html {
///     html! {
///         <AuthProvider>
///             <Anonymous><SignInButton /></Anonymous>
///             <Authenticated>
///                 { |person: SignedIn| html! { <p>{ person.claims.display_name() }</p> } }
///             </Authenticated>
///         </AuthProvider>
///     }
/// }
/// ```
#[component]
pub fn AuthProvider(props: &AuthProviderProps) -> Html {
    let language = use_language().language;
    let known = use_reducer(|| Knowledge::at_first(props.first.clone()));
    let ask = use_ask(known.dispatcher());
    let reload = use_reload(known.dispatcher(), ask.clone());
    let broadcast = use_messages(&known, ask.clone());
    use_ask_when_nothing_is_known(known.state == AuthState::Loading, ask.clone());
    use_ask_again_in_trouble(&known, ask.clone());
    use_back_from_cache(reload.clone());

    let auth = AuthHandle {
        state: known.state.clone(),
        trouble: known.trouble,
        expiring: known.expiring,
        reload,
        language,
        return_to: props.return_to.clone(),
        ask,
        broadcast,
    };
    html! {
        <ContextProvider<AuthHandle> context={auth}>{ props.children.clone() }</ContextProvider<AuthHandle>>
    }
}

/// Whether a request for the status is under way.
#[derive(Clone, Copy, PartialEq)]
enum Asking {
    Not,
    Underway,
    /// Something has happened since: the response that is on its way may be older than that.
    Again,
}

/// Requests the status, and keeps what is known until the response. One request at a time, so that responses cannot
/// overtake each other; however many messages come meanwhile, they cause one more request.
#[hook]
fn use_ask(known: UseReducerDispatcher<Knowledge>) -> Callback<()> {
    let asking = use_mut_ref(|| Asking::Not);
    use_callback((), move |(), ()| {
        if *asking.borrow() != Asking::Not {
            *asking.borrow_mut() = Asking::Again;
            return;
        }
        *asking.borrow_mut() = Asking::Underway;
        let (known, asking) = (known.clone(), Rc::clone(&asking));
        spawn_local(async move {
            loop {
                let answer = api::auth_status().await;
                if *asking.borrow() == Asking::Underway {
                    *asking.borrow_mut() = Asking::Not;
                    return known.dispatch(Action::Answer(answer, browser::now()));
                }
                *asking.borrow_mut() = Asking::Underway;
            }
        });
    })
}

/// Forgets what is known and requests the status, so nothing about a person stays on the page meanwhile.
#[hook]
fn use_reload(known: UseReducerDispatcher<Knowledge>, ask: Callback<()>) -> Callback<()> {
    use_callback((), move |(), ()| {
        known.dispatch(Action::Forget);
        ask.emit(());
    })
}

/// Receives messages of the bff and of the other tabs; returns what broadcasts one to the other tabs.
#[hook]
fn use_messages(known: &UseReducerHandle<Knowledge>, ask: Callback<()>) -> Callback<TabMessage> {
    let dispatcher = known.dispatcher();
    let on_message = use_callback((), move |message: TabMessage, ()| {
        if let TabMessage::Event(event) = message {
            dispatcher.dispatch(Action::Event(event, browser::now()));
        }
        // The status decides: another tab may have signed in again meanwhile, even as another person.
        if !matches!(message, TabMessage::Event(SessionEvent::Expiring(_))) {
            ask.emit(());
        }
    });
    use_live(known.state.person().is_some(), on_message)
}

/// Under `trunk serve` the page comes without a status.
#[hook]
fn use_ask_when_nothing_is_known(nothing_is_known: bool, ask: Callback<()>) {
    use_effect_with((), move |()| {
        if nothing_is_known {
            ask.emit(());
        }
    });
}

/// After a failed request tries again, ever more seldom, and at once when the network is back.
#[hook]
fn use_ask_again_in_trouble(known: &Knowledge, ask: Callback<()>) {
    use_effect_with(
        (known.is_in_trouble(), known.tries),
        move |&(trouble, tries)| {
            let waiting = trouble.then(|| {
                let pause = back_off::pause(tries.saturating_sub(1), browser::random());
                let online = ask.clone();
                (
                    Timeout::new(pause, move || ask.emit(())),
                    EventListener::new(&browser::window(), "online", move |_| online.emit(())),
                )
            });
            move || drop(waiting)
        },
    );
}

/// A page from the back/forward cache shows a past state: somebody may have signed out, or in, since.
#[hook]
fn use_back_from_cache(back: Callback<()>) {
    use_effect_with((), move |()| {
        let listener = EventListener::new(&browser::window(), "pageshow", move |event| {
            let event: &web_sys::PageTransitionEvent = event.unchecked_ref();
            if event.persisted() {
                back.emit(());
            }
        });
        move || drop(listener)
    });
}
