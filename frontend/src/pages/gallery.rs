//! `/gallery`, in development only: each part in each state, to look at.

use crate::{
    api::Failure,
    auth::{AuthHandle, AuthState, Ending, SignedIn},
    components::{
        ClaimsTable, Greeting, Notices, RequireRole, RequireScope, SessionExpiry, Sessions,
        SignInButton, SignOutButton, StatusUnknown,
    },
};
use shared::{Claims, ProblemCode, SessionTimes, SignedOutReason};
use std::rc::Rc;
use yew::prelude::*;

/// The path of the gallery.
pub(crate) const PATH: &str = "/gallery";

/// Every part in every state.
pub(crate) fn gallery(auth: &AuthHandle) -> Html {
    let with = |state: AuthState| AuthHandle {
        state,
        trouble: None,
        expiring: None,
        ..auth.clone()
    };
    let visitor = with(AuthState::SignedOut(None));
    let person = with(AuthState::SignedIn(ada()));
    let unreachable = with(AuthState::Failed(Failure::Unreachable));
    let refused = Failure::Refused(ProblemCode::StoreUnavailable);
    let expiring = |can_be_renewed| AuthHandle {
        expiring: Some(Ending {
            at: crate::browser::now() + 240_000.0,
            can_be_renewed,
        }),
        ..person.clone()
    };
    let trouble = AuthHandle {
        trouble: Some(Failure::Unreachable),
        ..person.clone()
    };
    let ended = SignedOutReason::ALL.iter().map(|&reason| {
        let state = AuthState::SignedOut(Some(reason));
        show(reason.as_str(), with(state), html! { <Notices /> })
    });
    html! {
        <div>
            <h1>{ "Gallery" }</h1>
            { show("SignInButton", visitor.clone(), html! { <SignInButton id="sign-in" /> }) }
            { show("SignOutButton", person.clone(), html! { <SignOutButton id="sign-out" /> }) }
            { show("Greeting", person.clone(), html! { <Greeting person={ada()} /> }) }
            { show("ClaimsTable", person.clone(), html! { <ClaimsTable claims={ada().claims} /> }) }
            { show("SessionExpiry", person.clone(), html! { <SessionExpiry person={ada()} /> }) }
            { show("Sessions", person.clone(), html! { <Sessions /> }) }
            { show("RequireRole", person.clone(), html! { <RequireRole role="librarian">{ "for librarians" }</RequireRole> }) }
            { show("RequireScope, without it", person.clone(), html! {
                <RequireScope scope="orders" fallback={html! { "nothing to order" }}>{ "orders" }</RequireScope>
            }) }
            { show("StatusUnknown, asked", with(AuthState::Loading), html! { <StatusUnknown /> }) }
            { show("StatusUnknown, unreachable", unreachable, html! { <StatusUnknown /> }) }
            { show("StatusUnknown, refused", with(AuthState::Failed(refused)), html! { <StatusUnknown /> }) }
            { show("Notices, to be renewed", expiring(true), html! { <Notices /> }) }
            { show("Notices, at the end", expiring(false), html! { <Notices /> }) }
            { show("Notices, out of reach", trouble, html! { <Notices /> }) }
            { for ended }
        </div>
    }
}

/// A part as it is for a person who is signed in or not.
fn show(name: &'static str, auth: AuthHandle, part: Html) -> Html {
    html! {
        // A transformed element is the window for what is fixed in it.
        <section style="transform: translate(0); min-height: 10rem; margin-top: 1rem; border-top: 1px dashed;">
            <h2>{ name }</h2>
            <ContextProvider<AuthHandle> context={auth}>{ part }</ContextProvider<AuthHandle>>
        </section>
    }
}

fn ada() -> SignedIn {
    SignedIn {
        claims: Rc::new(Claims {
            sub: "ktd83eqha1zz".to_owned(),
            name: Some("Ada Lovelace".to_owned()),
            phone_number: Some("819012345678".to_owned()),
            phone_number_verified: Some(true),
            roles: Some(vec!["librarian".to_owned()]),
            website: Some("https://example.com/ada".to_owned()),
            ..Claims::default()
        }),
        session: SessionTimes {
            expires_in: 1_209_600,
            idle_expires_in: 86_400,
        },
        scopes: Rc::default(),
        told_at: crate::browser::now(),
    }
}
