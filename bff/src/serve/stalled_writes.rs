//! A stream that is given up when the other side takes nothing for a while: an answer that nobody reads must not hold
//! its connection for ever.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

/// A stream whose writes fail when they make no progress for so long.
pub(super) struct StalledWrites<S> {
    stream: S,
    patience: Duration,
    /// Runs while a write waits.
    giving_up: Option<Pin<Box<Sleep>>>,
}

impl<S: Unpin> StalledWrites<S> {
    pub(super) fn given_up_after(patience: Duration, stream: S) -> Self {
        Self {
            stream,
            patience,
            giving_up: None,
        }
    }

    /// Lets one attempt to write happen, and counts how long such attempts have been in vain.
    fn attempt<T>(
        &mut self,
        context: &mut Context<'_>,
        write: impl FnOnce(Pin<&mut S>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let outcome = write(Pin::new(&mut self.stream), context);
        if outcome.is_ready() {
            self.giving_up = None;
            return outcome;
        }
        let patience = self.patience;
        let giving_up = self
            .giving_up
            .get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(giving_up.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for StalledWrites<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for StalledWrites<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.attempt(context, |stream, context| stream.poll_write(context, bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.attempt(context, |stream, context| {
            stream.poll_write_vectored(context, parts)
        })
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.attempt(context, S::poll_flush)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.attempt(context, S::poll_shutdown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    const PATIENCE: Duration = Duration::from_secs(30);

    #[tokio::test(start_paused = true)]
    async fn b207_what_nobody_reads_is_given_up() {
        let (ours, _theirs) = duplex(8);
        let mut ours = StalledWrites::given_up_after(PATIENCE, ours);
        let begun = tokio::time::Instant::now();
        let error = ours.write_all(&[0; 100]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(begun.elapsed() >= PATIENCE && begun.elapsed() < 2 * PATIENCE);
    }

    #[tokio::test(start_paused = true)]
    async fn b207_who_reads_slowly_gets_it_all() {
        let (ours, mut theirs) = duplex(8);
        let mut ours = StalledWrites::given_up_after(PATIENCE, ours);
        let reader = tokio::spawn(async move {
            let mut all = Vec::new();
            while all.len() < 100 {
                sleep(PATIENCE / 2).await;
                theirs.read_buf(&mut all).await.unwrap();
            }
            all.len()
        });
        ours.write_all(&[0; 100]).await.unwrap();
        ours.flush().await.unwrap();
        assert_eq!(reader.await.unwrap(), 100);
    }
}
