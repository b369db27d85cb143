//! The component that keeps who is signed in, and hears whatever may change it.

use super::{
    AuthHandle, AuthState,
    known::{Heard, Known},
};
use crate::{
    api, back_off, browser,
    language::use_language,
    live::{Told, use_live},
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

/// Keeps who is signed in for everything inside it, tells the browser's other tabs, and hears from them and from the
/// bff when that changes. A [`LanguageProvider`](crate::LanguageProvider) may go around it: without one the
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
    let known = use_reducer(|| Known::at_first(props.first.clone()));
    let ask = use_ask(known.dispatcher());
    let reload = use_reload(known.dispatcher(), ask.clone());
    let tell = use_told(&known, ask.clone());
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
        tell,
    };
    html! {
        <ContextProvider<AuthHandle> context={auth}>{ props.children.clone() }</ContextProvider<AuthHandle>>
    }
}

/// Whether the bff is being asked.
#[derive(Clone, Copy, PartialEq)]
enum Asking {
    Not,
    Underway,
    /// Something has happened since: the answer that is on its way may be older than that.
    Again,
}

/// Asks the bff, and keeps what is known until it has answered. One question at a time: answers cannot overtake each
/// other, and however much is heard meanwhile is one more question.
#[hook]
fn use_ask(known: UseReducerDispatcher<Known>) -> Callback<()> {
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
                    return known.dispatch(Heard::Answer(answer, browser::now()));
                }
                *asking.borrow_mut() = Asking::Underway;
            }
        });
    })
}

/// Asks the bff; until it has answered nothing is known, so nothing of a person stays on the page.
#[hook]
fn use_reload(known: UseReducerDispatcher<Known>, ask: Callback<()>) -> Callback<()> {
    use_callback((), move |(), ()| {
        known.dispatch(Heard::Forget);
        ask.emit(());
    })
}

/// Hears what the bff and the other tabs tell, and tells the other tabs.
#[hook]
fn use_told(known: &UseReducerHandle<Known>, ask: Callback<()>) -> Callback<Told> {
    let dispatcher = known.dispatcher();
    let hear = use_callback((), move |told: Told, ()| {
        if let Told::Event(event) = told {
            dispatcher.dispatch(Heard::Event(event, browser::now()));
        }
        // The status has the last word: another tab may have signed in again meanwhile, as somebody else even.
        if !matches!(told, Told::Event(SessionEvent::Expiring(_))) {
            ask.emit(());
        }
    });
    use_live(known.state.person().is_some(), hear)
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

/// A bff that did not answer is asked again, ever more seldom, and at once when the network is back.
#[hook]
fn use_ask_again_in_trouble(known: &Known, ask: Callback<()>) {
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
