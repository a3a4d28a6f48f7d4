//! The listening socket: ready line, limits on connections, heads and time, graceful shutdown.

use std::convert::Infallible;
use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;

use crate::gateway::Gateway;
use crate::limits::MAX_HEADERS;
use crate::log::{LogQueue, LogWriter, MAX_WAITING_LINES};
use crate::options::{Options, StartError};
use crate::progress::Progress;

/// Most connections at a time; more wait in the system's queue. Ten thousand idle ones leave room
/// for others.
const MAX_CONNECTIONS: usize = 12 * 1024;
/// From this many connections on, newer ones get tighter limits, so that idle or slow clients
/// cannot occupy every connection, or much memory.
const CROWD: usize = 1024;
/// As [`MAX_HEAD_BYTES`], for crowded connections: Origin and Access-Control-Request-Headers up to
/// their limits, and the rest.
const MAX_HEAD_BYTES_IN_A_CROWD: usize = 32 * 1024;
/// As [`HEAD_SECONDS`], for crowded connections.
const HEAD_SECONDS_IN_A_CROWD: u64 = 10;
/// Most bytes of a request's head: Access-Control-Request-Headers up to its limit, and the rest.
/// hyper checks this between reads.
const MAX_HEAD_BYTES: usize = 64 * 1024;
/// Longest wait for a request's head, on a new connection and on an idle one.
const HEAD_SECONDS: u64 = 30;
/// How long a client may read nothing of an answer.
const UNREAD_SECONDS: u64 = 30;
/// How long answers in progress may take once the gateway is asked to stop.
const SHUTDOWN_SECONDS: u64 = 10;

/// A running gateway. Dropping it stops it at once, in the middle of answers.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
    runtime: Runtime,
    log: LogWriter,
}

/// Serves until SIGINT or SIGTERM. When ready, it prints the line `listening on http://ADDRESS` to
/// standard output.
///
/// # Errors
///
/// As [`start`], and if the line cannot be written.
///
/// # Security
///
/// As [`start`].
pub fn run(options: Options) -> Result<(), StartError> {
    let listen = options.listen;
    let server = start(options)?;
    {
        let mut out = std::io::stdout().lock();
        writeln!(out, "listening on http://{}", server.address())
            .and_then(|()| out.flush())
            .map_err(|error| StartError::Listen(listen, error))?;
    }
    server.runtime.block_on(stopped());
    server.stop();
    Ok(())
}

/// Starts to serve, on its own threads.
///
/// # Errors
///
/// A [`StartError`] if the gateway cannot start. Once it serves, no request can stop it.
///
/// # Security
///
/// Requests without a valid signature are refused unless [`Options::anonymous`] is set, which
/// requires a loopback address. Preflights are never authenticated. TLS is left to the proxy in
/// front.
///
/// # Examples
///
/// As in the [crate's documentation](crate).
pub fn start(options: Options) -> Result<Server, StartError> {
    options.check()?;
    let listen = options.listen;
    let failed = |error| StartError::Listen(listen, error);
    let store = options.open_store()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    let listener = runtime
        .block_on(TcpListener::bind(listen))
        .map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let (queue, log) =
        LogQueue::start(Arc::clone(&options.log), MAX_WAITING_LINES).map_err(failed)?;
    let gateway = Arc::new(Gateway::new(options, store, queue));
    let (stop, stopped) = oneshot::channel();
    let serving = runtime.spawn(serve(listener, gateway, stopped));
    Ok(Server {
        address,
        stop,
        serving,
        runtime,
        log,
    })
}

impl Server {
    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops accepting connections, waits up to ten seconds for requests in progress, then returns.
    pub fn stop(self) {
        // A gateway that has already stopped does not receive the signal.
        let _ = self.stop.send(());
        let _ = self.runtime.block_on(self.serving);
        // With the runtime go the connections that are left, and with them the gateway.
        drop(self.runtime);
        self.log.finish();
    }
}

async fn serve(listener: TcpListener, gateway: Arc<Gateway>, mut stop: oneshot::Receiver<()>) {
    let most = most_connections();
    let connections = Arc::new(Semaphore::new(most));
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            _ = &mut stop => break,
            accepted = accept(&listener, &connections) => accepted,
        };
        let Some((stream, peer, permit)) = accepted else {
            // Out of descriptors, or the connection was closed at once: try again shortly.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let stream = Progress::new(stream, Duration::from_secs(UNREAD_SECONDS));
        let (gateway, of_connection) = (Arc::clone(&gateway), Arc::clone(&gateway));
        let service = service_fn(move |request| {
            let gateway = Arc::clone(&gateway);
            async move { Ok::<_, Infallible>(gateway.answer(request, peer).await) }
        });
        let is_crowded = most.saturating_sub(connections.available_permits()) > CROWD;
        let (head_seconds, max_head_bytes) = if is_crowded {
            (HEAD_SECONDS_IN_A_CROWD, MAX_HEAD_BYTES_IN_A_CROWD)
        } else {
            (HEAD_SECONDS, MAX_HEAD_BYTES)
        };
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(Duration::from_secs(head_seconds))
            .max_headers(MAX_HEADERS)
            .max_buf_size(max_head_bytes)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // If the client disconnects or sends an invalid request, its answer, if any, has been
            // sent.
            if let Err(error) = connection.await {
                of_connection.connection_failed(peer, &error);
            }
            drop(permit);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(Duration::from_secs(SHUTDOWN_SECONDS), graceful.shutdown()).await;
}

/// As many connections as there are descriptors for, with the same number kept for files; the
/// system's soft limit is raised to its hard limit.
fn most_connections() -> usize {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        let raised = Rlimit {
            current: limit.maximum,
            ..limit
        };
        let current = match setrlimit(Resource::Nofile, raised) {
            Ok(()) => limit.maximum,
            Err(_) => limit.current,
        };
        let half = current.map_or(u64::MAX, |descriptors| descriptors / 2);
        usize::try_from(half)
            .unwrap_or(usize::MAX)
            .clamp(1, MAX_CONNECTIONS)
    }
    #[cfg(not(unix))]
    MAX_CONNECTIONS
}

async fn accept(
    listener: &TcpListener,
    connections: &Arc<Semaphore>,
) -> Option<(
    tokio::net::TcpStream,
    SocketAddr,
    tokio::sync::OwnedSemaphorePermit,
)> {
    let permit = Arc::clone(connections).acquire_owned().await.ok()?;
    let (stream, peer) = listener.accept().await.ok()?;
    Some((stream, peer, permit))
}

/// Waits for SIGINT or SIGTERM.
async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let (Ok(mut interrupt), Ok(mut terminate)) = (
            signal(SignalKind::interrupt()),
            signal(SignalKind::terminate()),
        ) {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
