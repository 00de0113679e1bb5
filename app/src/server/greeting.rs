//! A client says within a time which version of HTTP it speaks. Until then nobody knows whose head is awaited, and so no
//! other limit of the server holds.

use axum_server::accept::Accept;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// What a client of HTTP/2 begins with (RFC 9113, 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Accepts connections as another does, and waits so long for each one's greeting.
#[derive(Clone, Debug)]
pub struct Greeted<A> {
    inner: A,
    patience: Duration,
}

impl<A> Greeted<A> {
    /// `inner` with patience.
    pub fn new(inner: A, patience: Duration) -> Self {
        Self { inner, patience }
    }
}

impl<A, I, S> Accept<I, S> for Greeted<A>
where
    A: Accept<I, S>,
    A::Future: Send + 'static,
{
    type Stream = Greeting<A::Stream>;
    type Service = A::Service;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let (accepting, patience) = (self.inner.accept(stream, service), self.patience);
        Box::pin(async move {
            let (stream, service) = accepting.await?;
            Ok((Greeting { stream, read: 0, waiting: Some(Box::pin(sleep(patience))) }, service))
        })
    }
}

/// A connection that fails when what it has read is still a beginning of HTTP/2's preface, and the time is over.
pub struct Greeting<T> {
    stream: T,
    /// How much of the preface has come.
    read: usize,
    waiting: Option<Pin<Box<Sleep>>>,
}

impl<T> Greeting<T> {
    /// What came: once it is not, or more than, the preface, the server knows what it speaks.
    fn heard(&mut self, bytes: &[u8]) {
        let rest = &PREFACE[self.read..];
        self.read += bytes.len().min(rest.len());
        if bytes.len() >= rest.len() || !rest.starts_with(bytes) {
            self.waiting = None;
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Greeting<T> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, into);
        if self.waiting.is_some() && read.is_ready() {
            self.heard(&into.filled()[before..]);
        }
        let is_late = |waiting: &mut Pin<Box<Sleep>>| waiting.as_mut().poll(context).is_ready();
        if read.is_pending() && self.waiting.as_mut().is_some_and(is_late) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        read
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Greeting<T> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
