//! What the bff tells its open pages, and what they tell each other.
//!
//! The pages of one browser share one event stream: browsers open only six connections to a server that speaks
//! HTTP/1.1, and the seventh tab would wait for ever. The page whose turn it is holds the stream open and passes on
//! what it tells; when that page closes, it is the next one's turn.

mod stream;
mod tabs;
mod told;
mod turn;

pub(crate) use told::Told;

use gloo::timers::callback::Timeout;
use stream::Stream;
use tabs::use_tabs;
use turn::use_turn;
use yew::prelude::*;

/// So long a page waits for its turn before it asks by itself, in milliseconds: what happened between its making and
/// its first moment here, nobody tells it.
const PATIENCE: u32 = 2_000;

/// Hears what is told while this component lives, and gives back what tells the other tabs.
#[hook]
pub(crate) fn use_live(is_signed_in: bool, hear: Callback<Told>) -> Callback<Told> {
    let tell = use_tabs(hear.clone());
    let has_turn = use_turn();
    use_effect_with(is_signed_in, {
        let tell = tell.clone();
        move |&is_signed_in| {
            if is_signed_in {
                tell.emit(Told::SignedIn);
            }
        }
    });
    use_effect_with((is_signed_in, has_turn), {
        let tell = tell.clone();
        move |&(is_signed_in, has_turn)| {
            let listening = is_signed_in.then(|| {
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

/// Held for what its end does.
#[expect(dead_code, reason = "dropping it is what it is for")]
enum Listening {
    ToTheBff(Stream),
    ToOtherTabs(Timeout),
}
