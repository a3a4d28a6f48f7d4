//! The bucket that a run makes for itself, and removes in the end, whatever happens.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::thread;
use std::time::Duration;

use super::case::{Exchange, OBJECT};
use super::compare::error_code;
use super::server::Server;
use crate::exit::Fatal;
use crate::http::Incoming;
use crate::output::report;

/// How the name of every bucket begins that this program makes.
pub(crate) const PREFIX: &str = "cors-conformance-";
/// How many names are tried.
const MAX_NAMES: usize = 5;
/// How often a bucket is removed that a server does not yet let go of, with a second in between.
const MAX_REMOVALS: usize = 4;

/// A bucket that this program made. It is removed when it is dropped.
pub(crate) struct Bucket<'s> {
    server: &'s Server,
    name: String,
    /// The keys of objects that were put.
    keys: RefCell<BTreeSet<&'static str>>,
    is_there: bool,
}

impl<'s> Bucket<'s> {
    /// Makes a bucket under an unused name. A name that the server answers anything about is
    /// not used, and nothing but HEAD is sent to it: some servers let an owner make a bucket again.
    pub(crate) fn make(server: &'s Server) -> Result<Bucket<'s>, Fatal> {
        for _ in 0..MAX_NAMES {
            let name = random_name();
            let head = Exchange::signed("HEAD", None, None);
            let found = server.send(&name, &head)?;
            match found.status {
                404 => {}
                200..300 => continue,
                status => {
                    return Err(Fatal(format!(
                        "{}: HEAD of a bucket that does not exist is answered with {status} instead of 404; check the key, --dialect and --region, and that it is an object server",
                        server.endpoint()
                    )));
                }
            }
            // From here on it may be there, whatever is answered.
            let mut bucket = Bucket {
                server,
                name,
                keys: RefCell::default(),
                is_there: true,
            };
            let put = Exchange {
                body: server.location(),
                ..Exchange::signed("PUT", None, None)
            };
            let made = bucket.send(&put)?;
            match made.status {
                200..300 => return Ok(bucket),
                // Somebody has it.
                409 => bucket.is_there = false,
                status => {
                    // A server that failed may have made it all the same.
                    bucket.is_there = status >= 500;
                    return Err(Fatal(format!(
                        "{}: no bucket can be made: PUT {} is answered with {}; check the key, --dialect and --region, and that it is an object server",
                        server.endpoint(),
                        bucket.name,
                        summary(&made)
                    )));
                }
            }
        }
        Err(Fatal(format!(
            "{}: {MAX_NAMES} random names of buckets are all taken; it is not an object server, or answers for every name",
            server.endpoint()
        )))
    }

    /// Puts the object that rows ask for, and reads it back: then this is an object server.
    pub(crate) fn put_object(&self) -> Result<(), Fatal> {
        let put = Exchange {
            body: Some(OBJECT.to_owned()),
            ..Exchange::signed("PUT", Some(OBJECT), None)
        };
        let (stored, read) = (
            self.send(&put)?,
            self.send(&Exchange::signed("GET", Some(OBJECT), None))?,
        );
        if read.status == 200 && read.body == OBJECT.as_bytes() {
            return Ok(());
        }
        Err(Fatal(format!(
            "{}: an object is not there after it was put: PUT is answered with {}, GET with {}; check that it is an object server",
            self.server.endpoint(),
            summary(&stored),
            summary(&read)
        )))
    }

    /// Sends a request to this bucket.
    pub(crate) fn send(&self, exchange: &Exchange) -> Result<Incoming, Fatal> {
        if let (Some(key), "PUT") = (exchange.key, exchange.method.as_str()) {
            self.keys.borrow_mut().insert(key);
        }
        self.server.send(&self.name, exchange)
    }

    /// Removes the objects that were put, and the bucket.
    pub(crate) fn remove(&mut self) -> Result<(), Fatal> {
        if !self.is_there {
            return Ok(());
        }
        self.is_there = false;
        let mut why = String::new();
        for attempt in 0..MAX_REMOVALS {
            if attempt > 0 {
                thread::sleep(Duration::from_secs(1));
            }
            let keys = self.keys.borrow().clone();
            for key in keys {
                // What is left of them shows when the bucket is removed.
                let _ = self.send(&Exchange::signed("DELETE", Some(key), None));
            }
            match self.send(&Exchange::signed("DELETE", None, None)) {
                Ok(gone) if matches!(gone.status, 200..300 | 404) => return Ok(()),
                Ok(kept) => why = format!("DELETE is answered with {}", summary(&kept)),
                Err(Fatal(error)) => why = error,
            }
        }
        Err(Fatal(format!(
            "the bucket {} is left on {}: {why}; remove it yourself: {}",
            self.name,
            self.server.endpoint(),
            self.server.removal(&self.name)
        )))
    }
}

impl Drop for Bucket<'_> {
    fn drop(&mut self) {
        if let Err(Fatal(why)) = self.remove() {
            report(format_args!("cors: {why}"));
        }
    }
}

/// Status and code, for people.
fn summary(answer: &Incoming) -> String {
    match error_code(&answer.body) {
        Some(code) => format!("{} {code}", answer.status),
        None => answer.status.to_string(),
    }
}

/// A name that cannot be guessed: the standard library seeds each of these from the system.
fn random_name() -> String {
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u32(std::process::id());
    format!("{PREFIX}{:016x}", hasher.finish())
}
