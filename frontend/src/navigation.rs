//! Moving between the pages without loading them anew: real addresses, back and forward.

use crate::{browser, return_to};
use gloo::events::EventListener;
use shared::View;
use yew::prelude::*;

/// The page that is shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Here {
    /// What it shows.
    pub(crate) view: View,
    /// Where a sign-in that begins here returns to.
    pub(crate) return_to: AttrValue,
    /// How many pages have been shown before in this document.
    pub(crate) pages_before: u32,
}

impl Here {
    pub(crate) fn first(view: View, return_to: String) -> Self {
        Self {
            view,
            return_to: return_to.into(),
            pages_before: 0,
        }
    }

    /// The page of the address that the browser has now. A problem of the bff belongs to the page that it was sent with.
    fn after(&self) -> Self {
        let view = View::of(&browser::path(), &browser::query(), None);
        Self {
            view,
            return_to: return_to::from_view(view).into(),
            pages_before: self.pages_before + 1,
        }
    }
}

impl Reducible for Here {
    type Action = ();

    fn reduce(self: std::rc::Rc<Self>, (): ()) -> std::rc::Rc<Self> {
        self.after().into()
    }
}

/// Where we are and how to go elsewhere.
#[derive(Clone, PartialEq)]
pub(crate) struct Navigation {
    pub(crate) here: Here,
    /// Shows the page of this path.
    pub(crate) go: Callback<AttrValue>,
}

/// The navigation, inside [`NavigationProvider`].
#[hook]
pub(crate) fn use_navigation() -> Navigation {
    use_context().expect("use_navigation is called inside NavigationProvider")
}

/// Properties of [`NavigationProvider`].
#[derive(PartialEq, Properties)]
pub(crate) struct NavigationProviderProps {
    /// The page that the document was loaded for.
    pub(crate) first: Here,
    pub(crate) children: Children,
}

/// Keeps where we are for everything inside it.
#[component]
pub(crate) fn NavigationProvider(props: &NavigationProviderProps) -> Html {
    let here = use_reducer(|| props.first.clone());
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
    let go = use_callback((), move |path: AttrValue, ()| {
        browser::push_address(&path);
        moved.dispatch(());
    });
    let navigation = Navigation {
        here: (*here).clone(),
        go,
    };
    html! {
        <ContextProvider<Navigation> context={navigation}>
            { props.children.clone() }
        </ContextProvider<Navigation>>
    }
}
