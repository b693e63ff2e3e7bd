//! Connections: not too many at once, and none for ever.

use std::future::Future;
use std::io::{Error, ErrorKind, Result};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};

/// A port that takes a new connection when there is room for one.
pub(super) struct Bounded {
    listener: TcpListener,
    room: Arc<Semaphore>,
    silence: Duration,
}

impl Bounded {
    /// At most `most` connections at once, each closed after so long a `silence`.
    pub(super) fn new(listener: TcpListener, most: usize, silence: Duration) -> Self {
        Self {
            listener,
            room: Arc::new(Semaphore::new(most)),
            silence,
        }
    }
}

impl Listener for Bounded {
    type Io = Connection;
    type Addr = std::net::SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        // Nobody closes the semaphore; without a permit there would be one connection more.
        let room = Arc::clone(&self.room).acquire_owned().await.ok();
        let (stream, address) = Listener::accept(&mut self.listener).await;
        let connection = Connection {
            stream,
            silence: self.silence,
            end: Box::pin(sleep(self.silence)),
            _room: room,
        };
        (connection, address)
    }

    fn local_addr(&self) -> Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// A stream that ends when nothing has come and nothing has gone for too long.
pub(super) struct Connection {
    stream: TcpStream,
    silence: Duration,
    end: Pin<Box<Sleep>>,
    _room: Option<OwnedSemaphorePermit>,
}

impl Connection {
    /// Passes on what the stream says; while it says nothing, time runs.
    fn watched<T>(&mut self, context: &mut Context<'_>, said: Poll<Result<T>>) -> Poll<Result<T>> {
        if said.is_ready() {
            let end = Instant::now() + self.silence;
            self.end.as_mut().reset(end);
            return said;
        }
        match self.end.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(Error::from(ErrorKind::TimedOut))),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let said = Pin::new(&mut self.stream).poll_read(context, buffer);
        self.watched(context, said)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        let said = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watched(context, said)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
