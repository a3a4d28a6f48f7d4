//! Other CORS libraries: each is built from the same list of origins, asked the same question, and
//! must return the same answer.
//!
//! A middleware is measured with its framework's request and a service that does nothing, and so is
//! the bare call: the difference is the cost of the middleware.

mod actix;
mod bunner;
mod ours;
mod poem;
mod salvo;
mod tower;
mod warp;

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use crate::cases::{HEADERS, exact, text};
use crate::measure::Subject;

/// The question for all rivals: an actual GET from the last of the exact origins.
struct Question {
    origins: Vec<&'static str>,
    asked: &'static str,
}

impl Question {
    fn last_of(count: usize) -> Question {
        let origins: Vec<&'static str> = (0..count).map(|number| text(exact(number))).collect();
        Question {
            asked: origins[count - 1],
            origins,
        }
    }

    /// The request as an `http` server passes it.
    fn request<B>(&self, body: B) -> http::Request<B> {
        let request = http::Request::builder()
            .uri("/object")
            .header("origin", self.asked);
        request.body(body).expect("a valid request")
    }

    /// Whether response headers grant access to the requesting origin, and only to it.
    fn is_granted<'h, V: AsRef<[u8]> + 'h>(
        &self,
        allow_origin: impl IntoIterator<Item = &'h V>,
    ) -> bool {
        let values = allow_origin.into_iter().map(AsRef::as_ref);
        values.eq([self.asked.as_bytes()])
    }
}

/// The allowed headers, as far as other libraries can express them.
fn headers() -> Vec<&'static str> {
    let headers = HEADERS.iter().copied();
    headers.filter(|name| !name.contains('*')).collect()
}

/// The result of a future that never waits.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("nothing to wait for"),
    }
}

/// The name and the call of a rival for a number of origins.
type Rival = (&'static str, fn(usize) -> Subject);

const RIVALS: [Rival; 6] = [
    ("tower-http", tower::actual),
    ("actix-cors", actix::actual),
    ("warp", warp::actual),
    ("poem", poem::actual),
    ("salvo-cors", salvo::actual),
    ("bunner_cors_rs", bunner::actual),
];

/// The names of all rivals.
pub fn names() -> [&'static str; 6] {
    RIVALS.map(|(name, _)| name)
}

/// Every rival for each number of origins, and the bare calls.
pub fn subjects(counts: &[usize]) -> Vec<Subject> {
    let mut subjects = vec![
        tower::base(),
        ours::base(),
        actix::base(),
        warp::base(),
        poem::base(),
        salvo::base(),
    ];
    subjects.extend(counts.iter().map(|count| ours::actual(*count)));
    for (_, actual) in RIVALS {
        subjects.extend(counts.iter().map(|count| actual(*count)));
    }
    subjects
}
