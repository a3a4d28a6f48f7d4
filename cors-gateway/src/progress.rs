//! A connection that ends when its answers are not read.

use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// A stream whose writes fail if not one byte can be written for as long as `patience`. hyper
/// itself waits forever, so that clients who do not read could hold every connection. What the
/// system still keeps for such a client is given up as well.
pub(crate) struct Progress {
    stream: TcpStream,
    patience: Duration,
    /// Runs while a write waits.
    timer: Option<Pin<Box<Sleep>>>,
}

impl Progress {
    pub(crate) fn new(stream: TcpStream, patience: Duration) -> Progress {
        Progress {
            stream,
            patience,
            timer: None,
        }
    }

    /// Passes on what a write returned, or fails in its place if it waits too long.
    fn written(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<Result<usize>>,
    ) -> Poll<Result<usize>> {
        if written.is_ready() {
            self.timer = None;
            return written;
        }
        let patience = self.patience;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(timer.as_mut().poll(context));
        let _ = self.stream.set_zero_linger();
        let why = "the client does not read its answers";
        Poll::Ready(Err(Error::new(ErrorKind::TimedOut, why)))
    }
}

impl AsyncRead for Progress {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Progress {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.written(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.written(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// More than the buffers of two sockets take in.
    const LENGTH: usize = 64 * 1024 * 1024;

    async fn pair(patience: Duration) -> (Progress, TcpStream) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await;
        let (stream, _) = listener.accept().await.unwrap();
        (Progress::new(stream, patience), client.unwrap())
    }

    #[tokio::test]
    async fn a_connection_ends_once_nobody_reads() {
        let (mut near, mut far) = pair(Duration::from_millis(50)).await;
        let error = near.write_all(&vec![0; LENGTH]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        drop(near);
        let mut read = Vec::new();
        let error = far.read_to_end(&mut read).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    }

    #[tokio::test]
    async fn a_slow_reader_is_not_cut_off() {
        let (mut near, mut far) = pair(Duration::from_mins(1)).await;
        let reading = tokio::spawn(async move {
            let (mut read, mut part) = (0, vec![0; 64 * 1024]);
            while read < LENGTH {
                tokio::task::yield_now().await;
                read += far.read(&mut part).await.unwrap();
            }
        });
        near.write_all(&vec![0; LENGTH]).await.unwrap();
        reading.await.unwrap();
    }
}
