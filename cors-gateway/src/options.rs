//! How a gateway is configured when it starts.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use cors_xml::Provider;
use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::prefix::PrefixStore;

use crate::credentials::Credentials;
use crate::log::Log;
use crate::signature::Scheme;
use crate::style::Style;

/// How a gateway is configured when it starts.
#[derive(Clone)]
pub struct Options {
    /// The provider whose clients are served.
    pub provider: &'static Provider,
    /// The address to listen on; port 0 selects a free port.
    pub listen: SocketAddr,
    /// A folder, `memory:`, or a URL.
    pub store: String,
    /// The keys that may sign.
    pub credentials: Credentials,
    /// Whether requests without a signature are also served: on loopback only, under a loopback
    /// `Host` or one of `domains`, and writes of pages of other origins only as far as a bucket's
    /// rules grant them.
    pub anonymous: bool,
    /// Whether V1 signatures of OSS are accepted too. They are old, and a URL signed for an object
    /// called `a?uploadId=1` is also one for the object `a`.
    pub v1_signatures: bool,
    /// Whether `/_cors/` is served: a page that explains requests and shows the rules of all
    /// buckets, and the counters. For this machine only.
    pub page: bool,
    /// Hosts below which the first label is a bucket.
    pub domains: Vec<String>,
    /// Receives each line of the log, one JSON object per request, without a line feed; for example
    /// [`log_to_stderr`](crate::log_to_stderr). It is called from a thread of its own. If it takes
    /// longer than the requests do, lines are dropped, and counted at `/_cors/metrics`.
    pub log: Log,
}

/// Why a gateway does not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// There are no credentials, and unsigned requests are not served either.
    NoCredentials,
    /// Unsigned requests would be served, and other machines could send them.
    AnonymousBeyondLoopback(SocketAddr),
    /// V1 signatures are asked for, and clients of this provider have none.
    NoV1Signatures(&'static str),
    /// The store cannot be opened.
    Store(String),
    /// The address cannot be listened on, or the ready line cannot be printed.
    Listen(SocketAddr, std::io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::NoCredentials => f.write_str(
                "there are no credentials to sign requests with: give --credentials FILE, or set CORS_ACCESS_KEY_ID and CORS_ACCESS_KEY_SECRET, or try with --anonymous",
            ),
            StartError::AnonymousBeyondLoopback(address) => write!(
                f,
                "--anonymous serves anyone who can connect, and {address} is not loopback: listen on 127.0.0.1 or give credentials"
            ),
            StartError::NoV1Signatures(provider) => write!(
                f,
                "--v1-signatures is for OSS, and --dialect is {provider}: leave one of them out"
            ),
            StartError::Store(why) => {
                write!(f, "--store: {why}; give a folder, memory:, or a URL such as s3://bucket/prefix")
            }
            StartError::Listen(address, error) => {
                write!(f, "--listen {address}: {error}; choose another port, or 0 for a free one")
            }
        }
    }
}

impl std::error::Error for StartError {}

impl Options {
    pub(crate) fn check(&self) -> Result<(), StartError> {
        if self.anonymous && !self.listen.ip().is_loopback() {
            return Err(StartError::AnonymousBeyondLoopback(self.listen));
        }
        if !self.anonymous && self.credentials.is_empty() {
            return Err(StartError::NoCredentials);
        }
        if self.v1_signatures && !Style::of(self.provider).schemes.contains(&Scheme::OssV1) {
            return Err(StartError::NoV1Signatures(self.provider.name));
        }
        Ok(())
    }

    pub(crate) fn open_store(&self) -> Result<Arc<dyn ObjectStore>, StartError> {
        let failed = |error: &dyn fmt::Display| StartError::Store(error.to_string());
        if self.store == "memory:" {
            return Ok(Arc::new(InMemory::new()));
        }
        if !self.store.contains("://") {
            std::fs::create_dir_all(&self.store).map_err(|error| failed(&error))?;
            let folder =
                LocalFileSystem::new_with_prefix(&self.store).map_err(|error| failed(&error))?;
            // Acknowledged writes survive a power failure too, and the folders of removed objects
            // do not stay.
            let folder = folder.with_fsync(true).with_automatic_cleanup(true);
            return Ok(Arc::new(folder));
        }
        let url = url::Url::parse(&self.store).map_err(|error| failed(&error))?;
        if !cfg!(feature = "cloud") && !matches!(url.scheme(), "file" | "memory") {
            return Err(StartError::Store(
                "this program was built without its feature cloud; build it with --features cloud"
                    .to_owned(),
            ));
        }
        // As with object_store's own clients, credentials and regions come from the environment:
        // AWS_*, GOOGLE_*, AZURE_*.
        let options = std::env::vars().filter_map(|(name, value)| {
            let name = name.to_ascii_lowercase();
            ["aws_", "google_", "azure_"]
                .iter()
                .any(|prefix| name.starts_with(prefix))
                .then_some((name, value))
        });
        let (store, prefix) =
            object_store::parse_url_opts(&url, options).map_err(|error| failed(&error))?;
        if prefix == Path::default() {
            return Ok(Arc::from(store));
        }
        Ok(Arc::new(PrefixStore::new(store, prefix)))
    }
}
