//! Whether the page can be seen.

use crate::browser;
use gloo::events::EventListener;
use yew::prelude::*;

/// Whether the page's tab is in front and the device awake.
#[hook]
pub(super) fn use_visible() -> bool {
    let is_visible = use_state(|| true);
    use_effect_with((), {
        let is_visible = is_visible.setter();
        move |()| {
            is_visible.set(browser::is_visible());
            let listener =
                EventListener::new(&browser::document(), "visibilitychange", move |_| {
                    is_visible.set(browser::is_visible());
                });
            move || drop(listener)
        }
    });
    *is_visible
}
