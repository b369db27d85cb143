//! How long the session still lasts.

use crate::{
    auth::SignedIn, browser, language::use_texts, mounted::use_mounted, time_left::TimeLeft,
};
use gloo::timers::callback::Interval;
use yew::prelude::*;

/// How often the words are looked at again, in milliseconds.
const LOOK_EVERY: u32 = 30_000;

/// Properties of [`SessionExpiry`].
#[derive(PartialEq, Properties)]
pub struct SessionExpiryProps {
    /// Whose session.
    pub person: SignedIn,
}

/// Says in words when the session ends, and when without activity.
///
/// ```
/// # use frontend::{Authenticated, SessionExpiry, SignedIn};
/// # use yew::prelude::*;
/// # #[component]
/// # fn Foot() -> Html {
/// html! {
///     <Authenticated>{ |person: SignedIn| html! { <SessionExpiry {person} /> } }</Authenticated>
/// }
/// # }
/// ```
#[component]
pub fn SessionExpiry(props: &SessionExpiryProps) -> Html {
    let texts = use_texts();
    let looks = use_state(|| 0_u32);
    use_effect_with((), {
        let looks = looks.clone();
        move |()| {
            let count = std::cell::Cell::new(0);
            let interval = Interval::new(LOOK_EVERY, move || {
                count.set(count.get() + 1);
                looks.set(count.get());
            });
            move || drop(interval)
        }
    });
    if !use_mounted() {
        return html! { <p class="expiry"></p> };
    }
    let SignedIn {
        session, told_at, ..
    } = props.person;
    let passed = seconds_between(told_at, browser::now());
    let ends = TimeLeft::from_seconds(session.expires_in - passed);
    let idle = session.idle_expires_in.min(session.expires_in) - passed;
    let words = (texts.account.session)(ends, TimeLeft::from_seconds(idle));
    html! { <p class="expiry" key={words.clone()}>{ words }</p> }
}

/// A clock that was set back tells nothing.
fn seconds_between(from: f64, to: f64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds since 1970 fit"
    )]
    let seconds = ((to - from) / 1000.0).max(0.0) as i64;
    seconds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_passes_in_one_direction() {
        assert_eq!(seconds_between(1_000.0, 61_999.0), 60);
        assert_eq!(seconds_between(61_000.0, 1_000.0), 0);
    }
}
