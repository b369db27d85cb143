//! The parts in an app of somebody else, who knows nothing of this one.

use crate::support::{
    Answer, App, FakeBff, Page, SIGNED_IN, SIGNED_OUT, document, fake_stream, settle,
};
use frontend::{
    Anonymous, AuthProvider, Authenticated, Notices, RequireRole, RequireScope, SignInButton,
    SignOutButton, SignedIn, StatusUnknown, use_auth,
};
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

#[component]
fn Shop() -> Html {
    html! {
        <AuthProvider>
            <Anonymous><SignInButton label="Enter" /></Anonymous>
            <Authenticated>
                { |person: SignedIn| html! { <div id="who">{ person.claims.sub.clone() }<SignOutButton label="Leave" /></div> } }
            </Authenticated>
            <RequireRole role="librarian" fallback={html! { <i id="not-yours" /> }}><b id="yours" /></RequireRole>
            <RequireScope scope="orders:read"><b id="orders" /></RequireScope>
            <StatusUnknown />
            <Whoever />
            <Notices />
        </AuthProvider>
    }
}

#[component]
fn Whoever() -> Html {
    let auth = use_auth();
    html! { <output>{ auth.state.person().is_some().to_string() }</output> }
}

#[wasm_bindgen_test]
async fn the_gallery_shows_each_part_in_each_state() {
    let _bff = FakeBff::answering([Answer::Never]);
    let app = App::open(Page {
        address: "/gallery",
        status: SIGNED_OUT,
        problem: "",
    })
    .await;
    for part in [
        "#sign-in",
        "#sign-out",
        "#greeting",
        "table",
        ".expiry",
        ".loading",
        "#status-failed",
        "#renew",
        "#ask-again",
    ] {
        assert!(app.find(part).is_some(), "{part}");
    }
    assert!(app.text().contains("for librarians"));
    assert!(app.text().contains("nothing to order"));
}

/// The shop in a page with this status; what it shows.
async fn shop(status: &str) -> String {
    fake_stream::install();
    let _bff = FakeBff::answering([]);
    let block = document().create_element("script").unwrap();
    block.set_id(shared::path::AUTH_STATUS_ELEMENT);
    block.set_attribute("type", "application/json").unwrap();
    block.set_text_content(Some(status));
    let root = document().create_element("div").unwrap();
    let body = document().body().unwrap();
    body.append_child(&block).unwrap();
    body.append_child(&root).unwrap();
    let app = yew::Renderer::<Shop>::with_root(root.clone()).render();
    settle().await;
    let shown = root.inner_html();
    app.destroy();
    block.remove();
    root.remove();
    shown
}

#[wasm_bindgen_test]
async fn a_visitor_sees_the_way_in() {
    let shown = shop(SIGNED_OUT).await;
    assert!(shown.contains("Enter"), "{shown}");
    assert!(shown.contains("not-yours"), "{shown}");
    assert!(shown.contains("<output>false</output>"), "{shown}");
}

#[wasm_bindgen_test]
async fn a_person_sees_who_it_is_and_the_way_out() {
    let shown = shop(SIGNED_IN).await;
    assert!(
        shown.contains("rm551g7117ni") && shown.contains("Leave"),
        "{shown}"
    );
    assert!(shown.contains("<output>true</output>"), "{shown}");
    assert!(shown.contains("not-yours"), "{shown}");

    assert!(!shown.contains("orders"), "{shown}");

    let librarian = SIGNED_IN
        .replace(r#""sub":"#, r#""roles":["librarian"],"sub":"#)
        .replace(
            r#""session":"#,
            r#""scopes":["openid","orders:read"],"session":"#,
        );
    let shown = shop(&librarian).await;
    assert!(shown.contains(r#"id="orders""#), "{shown}");
    assert!(shown.contains(r#"id="yours""#), "{shown}");
}
