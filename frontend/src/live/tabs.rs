//! The channel to the other tabs of this site in this browser (`BroadcastChannel`).

use super::TabMessage;
use gloo::events::EventListener;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{BroadcastChannel, MessageEvent};
use yew::prelude::*;

const NAME: &str = "auth";

/// The open channel; dropping it closes it.
struct Tabs {
    channel: BroadcastChannel,
    _listener: EventListener,
}

impl Tabs {
    /// `None` in a browser without such channels: its tabs do not know of each other.
    fn open(on_message: Callback<TabMessage>) -> Option<Self> {
        let channel = BroadcastChannel::new(NAME).ok()?;
        let listener = EventListener::new(&channel, "message", move |event| {
            let event: &MessageEvent = event.unchecked_ref();
            let message = event.data().as_string();
            if let Some(message) = message.and_then(|message| TabMessage::read(&message)) {
                on_message.emit(message);
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

/// Receives the messages of other tabs, and returns what broadcasts one to them.
#[hook]
pub(super) fn use_tabs(on_message: Callback<TabMessage>) -> Callback<TabMessage> {
    let tabs = use_mut_ref(|| None::<Tabs>);
    use_effect_with((), {
        let tabs = Rc::clone(&tabs);
        move |()| {
            *tabs.borrow_mut() = Tabs::open(on_message);
            move || drop(tabs.take())
        }
    });
    use_callback((), move |message: TabMessage, ()| {
        if let Some(tabs) = &*tabs.borrow() {
            // Only a closed channel refuses a text.
            let _ = tabs.channel.post_message(&message.to_json().into());
        }
    })
}
