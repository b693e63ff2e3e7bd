//! Connections: not too many at once, and none for ever.

use std::future::Future;
use std::io::{Error, ErrorKind, Result};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::serve::Listener;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{Instant, Sleep, sleep, timeout};

use super::limits::Limits;

/// Answers connections for ever, not more of them at once than there may be.
///
/// A connection that is slow with the head of a request, or asks for nothing, makes room for another.
pub(super) async fn serve(mut listener: TcpListener, router: Router, limits: &Limits) {
    let room = Arc::new(Semaphore::new(limits.connections));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head);
    // Nobody closes the semaphore.
    while let Ok(room) = Arc::clone(&room).acquire_owned().await {
        let (stream, _) = Listener::accept(&mut listener).await;
        let stream = TokioIo::new(Connection {
            stream,
            silence: limits.silence,
            end: Box::pin(sleep(limits.silence)),
        });
        let service = TowerToHyperService::new(router.clone());
        let (connection, life) = (http.serve_connection(stream, service), limits.life);
        tokio::spawn(async move {
            let _room = room;
            let mut connection = pin!(connection);
            if timeout(life, connection.as_mut()).await.is_err() {
                // What is asked by now is answered, and nothing more.
                connection.as_mut().graceful_shutdown();
                let _ = timeout(life, connection).await;
            }
        });
    }
}

/// A stream that ends when nothing has come and nothing has gone for too long.
struct Connection {
    stream: TcpStream,
    silence: Duration,
    end: Pin<Box<Sleep>>,
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
