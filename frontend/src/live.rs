//! Events of the session, from the bff and from the browser's other tabs.
//!
//! The tabs of one browser share one event stream: browsers open only six connections to a server that speaks
//! HTTP/1.1, and the seventh tab would wait for ever. One tab is the leader: it holds the stream open and broadcasts its
//! events. When it closes, or is not in front any more, another tab becomes the leader.

mod leader;
mod stream;
mod tab_message;
mod tabs;
mod visible;

pub(crate) use tab_message::TabMessage;

use gloo::timers::callback::Timeout;
use leader::use_leader;
use std::{cell::Cell, rc::Rc};
use stream::Stream;
use tabs::use_tabs;
use visible::use_visible;
use yew::prelude::*;

/// How long a tab waits to become the leader before it requests the status, in milliseconds: it has received no event
/// that came between the making of its page and its first moment here.
const LEADER_TIMEOUT: u32 = 2_000;

/// Receives messages while this component lives, and returns what broadcasts one to the other tabs.
#[hook]
pub(crate) fn use_live(
    is_signed_in: bool,
    on_message: Callback<TabMessage>,
) -> Callback<TabMessage> {
    let got_signed_in = use_memo((), |()| Cell::new(false));
    let on_tab_message = {
        let (got_signed_in, on_message) = (Rc::clone(&got_signed_in), on_message.clone());
        use_callback((), move |message: TabMessage, ()| {
            if message == TabMessage::SignedIn {
                got_signed_in.set(true);
            }
            on_message.emit(message);
        })
    };
    let broadcast = use_tabs(on_tab_message);
    use_effect_with(is_signed_in, {
        let broadcast = broadcast.clone();
        move |&is_signed_in| {
            // Do not re-broadcast a message from another tab, or every tab would echo it.
            if is_signed_in && !got_signed_in.replace(false) {
                broadcast.emit(TabMessage::SignedIn);
            }
        }
    });
    let is_visible = use_visible();
    use_ask_when_seen_again(is_visible, on_message.clone());
    let follows = is_signed_in && is_visible;
    let is_leader = use_leader(follows);
    use_effect_with((follows, is_leader), {
        let broadcast = broadcast.clone();
        move |&(follows, is_leader)| {
            let source = follows.then(|| {
                if is_leader {
                    Source::Bff(Stream::open(Callback::from(move |message: TabMessage| {
                        broadcast.emit(message);
                        on_message.emit(message);
                    })))
                } else {
                    let ask = move || on_message.emit(TabMessage::Unsure);
                    Source::Tabs(Timeout::new(LEADER_TIMEOUT, ask))
                }
            });
            move || drop(source)
        }
    });
    broadcast
}

/// A page that could not be seen may have slept, and missed messages.
#[hook]
fn use_ask_when_seen_again(is_visible: bool, on_message: Callback<TabMessage>) {
    let was_hidden = use_mut_ref(|| false);
    use_effect_with(is_visible, move |&is_visible| {
        if was_hidden.replace(!is_visible) && is_visible {
            on_message.emit(TabMessage::Unsure);
        }
    });
}

/// Where events come from, until it is dropped.
#[expect(dead_code, reason = "held because dropping it closes or cancels it")]
enum Source {
    Bff(Stream),
    Tabs(Timeout),
}
