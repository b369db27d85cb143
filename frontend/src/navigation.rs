//! Moving between the pages without reloading them: real addresses, back and forward.

use crate::{browser, return_to};
use gloo::events::EventListener;
use shared::View;
use std::rc::Rc;
use yew::prelude::*;

/// The page that is shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Here {
    /// What it shows.
    pub(crate) view: View,
    /// Where a sign-in that begins here returns to.
    pub(crate) return_to: AttrValue,
    /// Its address without the fragment: a step within a page is no other page.
    address: AttrValue,
    /// How many pages have been shown before in this document.
    pub(crate) pages_before: u32,
}

impl Here {
    /// The page that the document was loaded for.
    pub(crate) fn first(view: View, return_to: String, address: String) -> Self {
        Self {
            view,
            return_to: return_to.into(),
            address: address.into(),
            pages_before: 0,
        }
    }
}

impl Reducible for Here {
    type Action = ();

    /// The page of the address that the browser has now. A problem of the bff belongs to the page that it was sent with.
    fn reduce(self: Rc<Self>, (): ()) -> Rc<Self> {
        let address = AttrValue::from(browser::path() + &browser::query());
        if address == self.address {
            return self;
        }
        let view = View::of(&browser::path(), &browser::query(), None);
        Rc::new(Self {
            view,
            return_to: return_to::from_view(view).into(),
            address,
            pages_before: self.pages_before + 1,
        })
    }
}

/// Where we are and how to go elsewhere.
#[derive(Clone, PartialEq)]
pub(crate) struct Navigation {
    pub(crate) here: Here,
    /// Shows the page of this path.
    go: Callback<&'static str>,
}

/// The navigation, from this page on.
#[hook]
pub(crate) fn use_navigation(first: &Here) -> Navigation {
    let here = use_reducer(|| first.clone());
    let moved = here.dispatcher();
    use_effect_with((), {
        let moved = moved.clone();
        move |()| {
            let listener = EventListener::new(&browser::window(), "popstate", move |_| {
                moved.dispatch(());
            });
            move || drop(listener)
        }
    });
    let go = use_callback((), move |path: &'static str, ()| {
        browser::push_address(path);
        moved.dispatch(());
    });
    Navigation {
        here: (*here).clone(),
        go,
    }
}

impl Navigation {
    /// A link to a page of this app. Before the app runs, and with a key that opens a new tab or window, the browser
    /// follows it as any other.
    pub(crate) fn link(&self, to: &'static str, class: &'static str, label: &'static str) -> Html {
        let is_current = View::of(to, "", None) == self.here.view;
        let go = self.go.clone();
        let onclick = move |event: MouseEvent| {
            let opens_elsewhere =
                event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
            if event.button() == 0 && !opens_elsewhere {
                event.prevent_default();
                go.emit(to);
            }
        };
        html! {
            <a href={to} class={class} aria-current={is_current.then_some("page")} {onclick}>{ label }</a>
        }
    }
}
