//! A link to a page of this app, followed without loading the document anew.

use crate::navigation::use_navigation;
use yew::prelude::*;

/// Properties of [`Link`].
#[derive(PartialEq, Properties)]
pub(crate) struct LinkProps {
    /// The page's path.
    pub(crate) to: &'static str,
    #[prop_or_default]
    pub(crate) class: Classes,
    pub(crate) children: Html,
}

/// The link. Without the app, and with a key that opens a new tab or window, the browser follows it as any other.
#[component]
pub(crate) fn Link(props: &LinkProps) -> Html {
    let navigation = use_navigation();
    let to = props.to;
    let is_current = shared::View::of(to, "", None) == navigation.here.view;
    let onclick = move |event: MouseEvent| {
        let opens_elsewhere =
            event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
        if event.button() == 0 && !opens_elsewhere {
            event.prevent_default();
            navigation.go.emit(to.into());
        }
    };
    html! {
        <a href={to} class={props.class.clone()} aria-current={is_current.then_some("page")} {onclick}>
            { props.children.clone() }
        </a>
    }
}
