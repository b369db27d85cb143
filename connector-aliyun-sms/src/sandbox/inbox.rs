//! The messages of all phones, the newest 1,000, and the word that there are new ones.

use super::Message;
use std::{
    collections::VecDeque,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::watch;

/// How many messages are kept.
const CAPACITY: usize = 1_000;

/// The messages. `Debug` does not show them.
#[derive(Default)]
pub(super) struct Inbox(Mutex<State>);

struct State {
    newest_first: VecDeque<Message>,
    /// Counts deliveries; `None` when the server is ending.
    deliveries: Option<watch::Sender<u64>>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            newest_first: VecDeque::new(),
            deliveries: Some(watch::Sender::new(0)),
        }
    }
}

impl Inbox {
    pub(super) fn deliver(&self, messages: Vec<Message>) {
        let mut state = self.state();
        for message in messages {
            state.newest_first.push_front(message);
        }
        state.newest_first.truncate(CAPACITY);
        if let Some(deliveries) = &state.deliveries {
            deliveries.send_modify(|count| *count += 1);
        }
    }

    /// All messages, or those of one number, of which only the digits count.
    pub(super) fn newest_first(&self, phone: Option<&str>) -> Vec<Message> {
        let digits = phone.map(digits);
        let is_wanted = |message: &&Message| {
            digits
                .as_ref()
                .is_none_or(|digits| *digits == message.phone)
        };
        let state = self.state();
        state
            .newest_first
            .iter()
            .filter(is_wanted)
            .cloned()
            .collect()
    }

    /// Changes with every delivery; `None` when the server is ending.
    pub(super) fn subscribe(&self) -> Option<watch::Receiver<u64>> {
        self.state()
            .deliveries
            .as_ref()
            .map(watch::Sender::subscribe)
    }

    /// Ends all subscriptions, so that an open page does not hold up the end of the server.
    pub(super) fn close(&self) {
        self.state().deliveries = None;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Inbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Inbox")
    }
}

fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use time::OffsetDateTime;

    fn message(phone: &str) -> Message {
        Message {
            phone: phone.to_owned(),
            sign_name: "Bookstore".to_owned(),
            template_code: "SMS_1".to_owned(),
            param: BTreeMap::new(),
            text: String::new(),
            received_at: OffsetDateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn the_newest_is_first_and_a_number_is_found_with_or_without_plus() {
        let inbox = Inbox::default();
        inbox.deliver(vec![message("8613900000000"), message("12015550123")]);
        inbox.deliver(vec![message("85268326366")]);
        let phones = |filter| -> Vec<_> {
            let messages = inbox.newest_first(filter);
            messages.into_iter().map(|message| message.phone).collect()
        };
        assert_eq!(
            phones(None),
            ["85268326366", "12015550123", "8613900000000"]
        );
        for filter in ["12015550123", "+12015550123", " 12015550123"] {
            assert_eq!(phones(Some(filter)), ["12015550123"]);
        }
        assert_eq!(phones(Some("2015550123")), [""; 0]);
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let inbox = Inbox::default();
        inbox.deliver(vec![message("8613900000000")]);
        inbox.deliver((0..CAPACITY).map(|_| message("12015550123")).collect());
        assert_eq!(inbox.newest_first(None).len(), CAPACITY);
        assert_eq!(inbox.newest_first(Some("8613900000000")), []);
    }

    #[test]
    fn a_subscription_sees_deliveries_and_ends_with_the_inbox() {
        let inbox = Inbox::default();
        let mut deliveries = inbox.subscribe().unwrap();
        inbox.deliver(vec![message("8613900000000")]);
        assert_eq!(*deliveries.borrow_and_update(), 1);
        inbox.close();
        assert!(deliveries.has_changed().is_err());
        assert!(inbox.subscribe().is_none());
    }
}
