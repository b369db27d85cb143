//! Aliyun's limits on verification codes to numbers of mainland China: per sign name and number 1 a minute, 5 an hour
//! and 10 a day; per number 40 a day.
//!
//! As Aliyun documents it, a minute and an hour are those of the clock in China (UTC+8). A day is the 24 hours after a
//! message, so the limit of a day does not end at midnight.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use time::{Duration, OffsetDateTime, UtcOffset, macros::offset};

const CHINA: UtcOffset = offset!(+8);
const DAY: Duration = Duration::hours(24);

/// The window of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Window {
    Minute,
    Hour,
    /// The 24 hours after each message, not a date.
    Day,
    /// The 24 hours after each message to a number, from all senders.
    NumberDay,
}

impl Window {
    const OF_A_SIGN_NAME: [Self; 3] = [Self::Minute, Self::Hour, Self::Day];

    const fn permits(self) -> usize {
        match self {
            Self::Minute => 1,
            Self::Hour => 5,
            Self::Day => 10,
            Self::NumberDay => 40,
        }
    }

    /// Aliyun's message.
    pub(super) const fn message(self) -> &'static str {
        match self {
            Self::Minute => "触发分钟级流控Permits:1",
            Self::Hour => "触发小时级流控Permits:5",
            Self::Day => "触发天级流控Permits:10",
            Self::NumberDay => "触发号码天级流控Permits:40",
        }
    }

    /// Whether a message that was accepted at `then` still counts at `now`.
    fn counts(self, then: OffsetDateTime, now: OffsetDateTime) -> bool {
        let (then, now) = (then.to_offset(CHINA), now.to_offset(CHINA));
        let hour = |time: OffsetDateTime| (time.date(), time.hour());
        match self {
            Self::Minute => hour(then) == hour(now) && then.minute() == now.minute(),
            Self::Hour => hour(then) == hour(now),
            Self::Day | Self::NumberDay => now - then < DAY,
        }
    }
}

/// An accepted message.
struct Taken {
    sign_name: String,
    at: OffsetDateTime,
}

/// The messages to each number in the last day. `Debug` shows no number.
#[derive(Default)]
pub(super) struct Limits(Mutex<HashMap<String, Vec<Taken>>>);

impl Limits {
    /// Counts one message to each number. If a limit of one of them is reached, none is counted.
    pub(super) fn take(
        &self,
        sign_name: &str,
        numbers: &[&str],
        now: OffsetDateTime,
    ) -> Result<(), Window> {
        let mut by_number = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        by_number.retain(|_, messages| {
            messages.retain(|message| Window::NumberDay.counts(message.at, now));
            !messages.is_empty()
        });
        for number in numbers {
            if let Some(window) = by_number
                .get(*number)
                .and_then(|messages| full(messages, sign_name, now))
            {
                return Err(window);
            }
        }
        for number in numbers {
            let messages = by_number.entry((*number).to_owned()).or_default();
            messages.push(Taken {
                sign_name: sign_name.to_owned(),
                at: now,
            });
        }
        Ok(())
    }
}

/// The first window whose limit is reached.
fn full(messages: &[Taken], sign_name: &str, now: OffsetDateTime) -> Option<Window> {
    let count = |window: Window, of_sign_name: bool| {
        messages
            .iter()
            .filter(|message| !of_sign_name || message.sign_name == sign_name)
            .filter(|message| window.counts(message.at, now))
            .count()
    };
    Window::OF_A_SIGN_NAME
        .into_iter()
        .find(|window| count(*window, true) >= window.permits())
        .or_else(|| {
            let all = count(Window::NumberDay, false);
            (all >= Window::NumberDay.permits()).then_some(Window::NumberDay)
        })
}

impl std::fmt::Debug for Limits {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Limits")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    /// 14:03:00 in China.
    const START: OffsetDateTime = datetime!(2026-10-20 06:03:00 UTC);
    const NUMBER: [&str; 1] = ["13900000000"];

    fn take(limits: &Limits, after: Duration) -> Result<(), Window> {
        limits.take("Bookstore", &NUMBER, START + after)
    }

    #[test]
    fn p059_a_minute_is_one_of_the_clock_and_begins_anew() {
        let limits = Limits::default();
        assert_eq!(take(&limits, Duration::seconds(58)), Ok(()));
        assert_eq!(take(&limits, Duration::seconds(59)), Err(Window::Minute));
        assert_eq!(take(&limits, Duration::seconds(60)), Ok(()));
    }

    #[test]
    fn p059_an_hour_takes_five_and_begins_anew() {
        let limits = Limits::default();
        for minute in 0..5 {
            assert_eq!(take(&limits, Duration::minutes(minute)), Ok(()));
        }
        assert_eq!(take(&limits, Duration::minutes(56)), Err(Window::Hour));
        assert_eq!(take(&limits, Duration::minutes(57)), Ok(()), "15:00:00");
    }

    #[test]
    fn p059_a_day_takes_ten_and_is_24_hours_from_each_message() {
        let limits = Limits::default();
        for hour in 0..10 {
            assert_eq!(take(&limits, Duration::hours(hour)), Ok(()));
        }
        let second = Duration::seconds(1);
        assert_eq!(
            take(&limits, Duration::hours(24) - second),
            Err(Window::Day)
        );
        assert_eq!(take(&limits, Duration::hours(24)), Ok(()));
        assert_eq!(
            take(&limits, Duration::hours(24) + Duration::minutes(1)),
            Err(Window::Day)
        );
    }

    #[test]
    fn p059_a_number_takes_forty_a_day_from_all_together_and_another_number_its_own() {
        let limits = Limits::default();
        for sender in 0..40 {
            let sign_name = format!("sender {sender}");
            assert_eq!(limits.take(&sign_name, &NUMBER, START), Ok(()));
        }
        assert_eq!(take(&limits, Duration::ZERO), Err(Window::NumberDay));
        assert_eq!(limits.take("Bookstore", &["13900000001"], START), Ok(()));
    }

    #[test]
    fn p059_a_request_that_is_refused_counts_for_none_of_its_numbers() {
        let limits = Limits::default();
        assert_eq!(take(&limits, Duration::ZERO), Ok(()));
        let both = ["13900000001", "13900000000"];
        assert_eq!(limits.take("Bookstore", &both, START), Err(Window::Minute));
        assert_eq!(limits.take("Bookstore", &both[..1], START), Ok(()));
    }
}
