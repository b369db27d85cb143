//! A request's body whose small pieces hold no larger buffer. A client that sends one byte at a time would otherwise cost a
//! buffer for each byte that a handler keeps.

use axum::body::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::{Error, body::Incoming};
use std::{
    pin::Pin,
    task::{Context, Poll},
};

/// Bytes of a piece that is copied.
const SMALL: usize = 4 * 1024;

/// A request's body.
pub(crate) struct Compact(pub(crate) Incoming);

impl Body for Compact {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let frame = Pin::new(&mut self.0).poll_frame(context);
        frame.map_ok(|frame| {
            frame.map_data(|data| match data.len() {
                ..SMALL => Bytes::copy_from_slice(&data),
                _ => data,
            })
        })
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}
