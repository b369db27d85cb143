//! The line to the other tabs of this site in this browser (`BroadcastChannel`).

use super::Told;
use gloo::events::EventListener;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{BroadcastChannel, MessageEvent};
use yew::prelude::*;

const NAME: &str = "auth";

/// An open line; dropping it closes it.
struct Tabs {
    channel: BroadcastChannel,
    _listener: EventListener,
}

impl Tabs {
    /// A browser that has no such channel has tabs that do not hear of each other.
    fn open(hear: Callback<Told>) -> Option<Self> {
        let channel = BroadcastChannel::new(NAME).ok()?;
        let listener = EventListener::new(&channel, "message", move |event| {
            let event: &MessageEvent = event.unchecked_ref();
            let message = event.data().as_string();
            if let Some(told) = message.and_then(|message| Told::read(&message)) {
                hear.emit(told);
            }
        });
        Some(Self {
            channel,
            _listener: listener,
        })
    }
}

impl Drop for Tabs {
    fn drop(&mut self) {
        self.channel.close();
    }
}

/// Hears what other tabs tell, and gives back what tells them.
#[hook]
pub(super) fn use_tabs(hear: Callback<Told>) -> Callback<Told> {
    let tabs = use_mut_ref(|| None::<Tabs>);
    use_effect_with((), {
        let tabs = Rc::clone(&tabs);
        move |()| {
            *tabs.borrow_mut() = Tabs::open(hear);
            move || drop(tabs.take())
        }
    });
    use_callback((), move |told: Told, ()| {
        if let Some(tabs) = &*tabs.borrow() {
            // Only a channel that is closed refuses a text.
            let _ = tabs.channel.post_message(&told.to_message().into());
        }
    })
}
