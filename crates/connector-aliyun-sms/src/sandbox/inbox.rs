//! The newest 1,000 messages of all phones, and a notification of changes.

use super::{Message, message::Delivery, phone_numbers::Wanted};
use std::{
    collections::VecDeque,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};
use time::OffsetDateTime;
use tokio::sync::watch;

/// The largest number of stored messages.
const CAPACITY: usize = 1_000;

/// The messages. `Debug` does not show them.
#[derive(Default)]
pub(super) struct Inbox(Mutex<State>);

struct State {
    newest_first: VecDeque<Message>,
    /// The id of the newest message, so also the number of all messages so far.
    last_id: u64,
    /// Counts changes. `None` when the server is shutting down.
    changes: Option<watch::Sender<u64>>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            newest_first: VecDeque::new(),
            last_id: 0,
            changes: Some(watch::Sender::new(0)),
        }
    }
}

impl Inbox {
    pub(super) fn deliver(&self, deliveries: Vec<Delivery>, now: OffsetDateTime) {
        let received_at = now.truncate_to_millisecond();
        let mut state = self.state();
        for delivery in deliveries {
            state.last_id += 1;
            let message = delivery.received(state.last_id, received_at);
            state.newest_first.push_front(message);
        }
        state.newest_first.truncate(CAPACITY);
        state.notify();
    }

    /// Deletes the matching messages and returns their number.
    pub(super) fn delete(&self, matches: impl Fn(&Message) -> bool) -> usize {
        let mut state = self.state();
        let before = state.newest_first.len();
        state.newest_first.retain(|message| !matches(message));
        let deleted = before - state.newest_first.len();
        if deleted > 0 {
            state.notify();
        }
        deleted
    }

    /// All messages, or those of one number.
    pub(super) fn newest_first(&self, phone: Option<&str>) -> Vec<Message> {
        let wanted = phone.map(Wanted::new);
        let is_wanted = |message: &&Message| {
            let wanted = wanted.as_ref();
            wanted.is_none_or(|wanted| wanted.is(&message.phone))
        };
        let state = self.state();
        state
            .newest_first
            .iter()
            .filter(is_wanted)
            .cloned()
            .collect()
    }

    /// Changes with every delivery and deletion. `None` when the server is shutting down.
    pub(super) fn subscribe(&self) -> Option<watch::Receiver<u64>> {
        self.state().changes.as_ref().map(watch::Sender::subscribe)
    }

    /// Ends all subscriptions, so that an open page does not delay the shutdown.
    pub(super) fn close(&self) {
        self.state().changes = None;
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

impl State {
    fn notify(&self) {
        if let Some(changes) = &self.changes {
            changes.send_modify(|count| *count += 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn message(phone: &str) -> Delivery {
        Delivery {
            phone: phone.to_owned(),
            sign_name: "Bookstore".to_owned(),
            template_code: "SMS_1".to_owned(),
            param: BTreeMap::new(),
            text: String::new(),
        }
    }

    fn deliver(inbox: &Inbox, phones: &[&str]) {
        let messages = phones.iter().map(|phone| message(phone)).collect();
        inbox.deliver(messages, OffsetDateTime::UNIX_EPOCH);
    }

    #[test]
    fn the_newest_is_first_and_a_number_is_found_with_or_without_plus() {
        let inbox = Inbox::default();
        deliver(&inbox, &["8613900000000", "12015550123"]);
        deliver(&inbox, &["85268326366"]);
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
        deliver(&inbox, &["8613900000000"]);
        deliver(&inbox, &["12015550123"; CAPACITY]);
        assert_eq!(inbox.newest_first(None).len(), CAPACITY);
        assert_eq!(inbox.newest_first(Some("8613900000000")), []);
    }

    #[test]
    fn what_is_deleted_is_gone_and_its_number_is_not_given_again() {
        let inbox = Inbox::default();
        deliver(&inbox, &["8613900000000", "12015550123", "8613900000000"]);
        assert_eq!(inbox.delete(|message| message.id == 3), 1);
        assert_eq!(inbox.delete(|message| message.id == 3), 0);
        let wanted = Wanted::new("+12015550123");
        assert_eq!(inbox.delete(|message| wanted.is(&message.phone)), 1);
        deliver(&inbox, &["12015550123"]);
        let ids = |inbox: &Inbox| -> Vec<_> {
            let messages = inbox.newest_first(None);
            messages.into_iter().map(|message| message.id).collect()
        };
        assert_eq!(ids(&inbox), [4, 1]);
    }

    #[test]
    fn a_subscription_sees_deliveries_and_deletions_and_ends_with_the_inbox() {
        let inbox = Inbox::default();
        let mut changes = inbox.subscribe().unwrap();
        deliver(&inbox, &["8613900000000"]);
        assert_eq!(*changes.borrow_and_update(), 1);
        inbox.delete(|_| true);
        assert_eq!(*changes.borrow_and_update(), 2);
        inbox.close();
        assert!(changes.has_changed().is_err());
        assert!(inbox.subscribe().is_none());
    }
}
