//! What the bff tells its open pages, and what they tell each other.
//!
//! The pages of one browser share one event stream: browsers open only six connections to a server that speaks
//! HTTP/1.1, and the seventh tab would wait for ever. The page whose turn it is holds the stream open and passes on
//! what it tells; when that page closes, or is not in front any more, it is the next one's turn.

mod stream;
mod tabs;
mod told;
mod turn;
mod visible;

pub(crate) use told::Told;

use gloo::timers::callback::Timeout;
use std::{cell::Cell, rc::Rc};
use stream::Stream;
use tabs::use_tabs;
use turn::use_turn;
use visible::use_visible;
use yew::prelude::*;

/// So long a page waits for its turn before it asks by itself, in milliseconds: what happened between its making and
/// its first moment here, nobody tells it.
const PATIENCE: u32 = 2_000;

/// Hears what is told while this component lives, and gives back what tells the other tabs.
#[hook]
pub(crate) fn use_live(is_signed_in: bool, hear: Callback<Told>) -> Callback<Told> {
    let was_told_of_sign_in = use_memo((), |()| Cell::new(false));
    let heard = {
        let (was_told, hear) = (Rc::clone(&was_told_of_sign_in), hear.clone());
        use_callback((), move |told: Told, ()| {
            if told == Told::SignedIn {
                was_told.set(true);
            }
            hear.emit(told);
        })
    };
    let tell = use_tabs(heard);
    use_effect_with(is_signed_in, {
        let tell = tell.clone();
        move |&is_signed_in| {
            // Whoever was told does not tell it on: each tab would tell all others.
            if is_signed_in && !was_told_of_sign_in.replace(false) {
                tell.emit(Told::SignedIn);
            }
        }
    });
    let is_visible = use_visible();
    use_ask_when_seen_again(is_visible, hear.clone());
    let follows = is_signed_in && is_visible;
    let has_turn = use_turn(follows);
    use_effect_with((follows, has_turn), {
        let tell = tell.clone();
        move |&(follows, has_turn)| {
            let listening = follows.then(|| {
                if has_turn {
                    Listening::ToTheBff(Stream::open(Callback::from(move |told: Told| {
                        tell.emit(told);
                        hear.emit(told);
                    })))
                } else {
                    Listening::ToOtherTabs(Timeout::new(PATIENCE, move || hear.emit(Told::Unsure)))
                }
            });
            move || drop(listening)
        }
    });
    tell
}

/// While a page could not be seen it may have slept, and heard nothing.
#[hook]
fn use_ask_when_seen_again(is_visible: bool, hear: Callback<Told>) {
    let was_hidden = use_mut_ref(|| false);
    use_effect_with(is_visible, move |&is_visible| {
        if was_hidden.replace(!is_visible) && is_visible {
            hear.emit(Told::Unsure);
        }
    });
}

/// Held for what its end does.
#[expect(dead_code, reason = "dropping it is what it is for")]
enum Listening {
    ToTheBff(Stream),
    ToOtherTabs(Timeout),
}
