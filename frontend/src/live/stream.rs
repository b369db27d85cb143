//! The event stream of the bff (`EventSource`).

use super::TabMessage;
use crate::{back_off, browser, wire};
use gloo::{events::EventListener, timers::callback::Timeout};
use shared::path;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::JsCast;
use web_sys::{EventSource, MessageEvent};
use yew::Callback;

const EVENTS: [&str; 3] = ["signed-out", "expiring", "claims-changed"];

/// A stream that is open, or will be again; dropping it ends it.
pub(super) struct Stream(
    #[expect(dead_code, reason = "dropping it closes the stream")] Rc<Connection>,
);

/// The current connection, if there is one.
struct Connection {
    on_message: Callback<TabMessage>,
    source: RefCell<Option<Source>>,
    again: RefCell<Option<Timeout>>,
}

/// One `EventSource` and what listens to it.
struct Source {
    source: EventSource,
    _listeners: Vec<EventListener>,
}

impl Drop for Source {
    fn drop(&mut self) {
        self.source.close();
    }
}

impl Stream {
    /// Opens a stream, and opens it again whenever it breaks.
    pub(super) fn open(on_message: Callback<TabMessage>) -> Self {
        let connection = Rc::new(Connection {
            on_message,
            source: RefCell::default(),
            again: RefCell::default(),
        });
        connection.open(0);
        Self(connection)
    }
}

impl Connection {
    fn open(self: &Rc<Self>, tries: u32) {
        // Only an invalid address is refused here.
        let Ok(source) = EventSource::new(path::EVENTS) else {
            return;
        };
        let mut listeners: Vec<_> = EVENTS
            .into_iter()
            .map(|name| self.listen_for(name, &source))
            .collect();
        let connection = Rc::downgrade(self);
        let opened = Rc::new(Cell::new(false));
        let broke = Rc::new(Cell::new(false));
        listeners.push(EventListener::new(&source, "open", {
            let (connection, opened, broke) =
                (connection.clone(), Rc::clone(&opened), Rc::clone(&broke));
            move |_| {
                opened.set(true);
                broke.set(false);
                if let Some(connection) = connection.upgrade() {
                    connection.on_message.emit(TabMessage::Unsure);
                }
            }
        }));
        listeners.push(EventListener::new(&source, "error", {
            let source = source.clone();
            move |_| {
                let Some(connection) = connection.upgrade() else {
                    return;
                };
                // Once: the browser tries again every few seconds, but the status is requested ever more seldom.
                if !broke.replace(true) {
                    connection.on_message.emit(TabMessage::Unsure);
                }
                // After a lost connection the browser tries again by itself; after a refusal it does not.
                if source.ready_state() == EventSource::CLOSED {
                    let tries = if opened.get() { 0 } else { tries };
                    connection.open_later(tries);
                }
            }
        }));
        *self.source.borrow_mut() = Some(Source {
            source,
            _listeners: listeners,
        });
    }

    fn listen_for(&self, name: &'static str, source: &EventSource) -> EventListener {
        let on_message = self.on_message.clone();
        EventListener::new(source, name, move |event| {
            let event: &MessageEvent = event.unchecked_ref();
            let data = event.data().as_string().unwrap_or_default();
            if let Some(event) = wire::parse(&wire::of_event(name, &data)) {
                on_message.emit(TabMessage::Event(event));
            }
        })
    }

    fn open_later(self: &Rc<Self>, tries: u32) {
        let connection = Rc::downgrade(self);
        let again = Timeout::new(back_off::pause(tries, browser::random()), move || {
            if let Some(connection) = connection.upgrade() {
                connection.open(tries + 1);
            }
        });
        *self.again.borrow_mut() = Some(again);
    }
}
