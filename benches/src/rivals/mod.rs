//! Other people's CORS: each is built from the same list of origins, asked the same question, and must give the same answer.
//!
//! A middleware is measured with its framework's request and a service that does nothing, and so is the bare call: what
//! the middleware costs is the difference.

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

/// What all rivals are asked: an actual GET from the last of so many exact origins.
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

    /// The request as an `http` server hands it over.
    fn request<B>(&self, body: B) -> http::Request<B> {
        let request = http::Request::builder()
            .uri("/object")
            .header("origin", self.asked);
        request.body(body).expect("a valid request")
    }

    /// Whether response headers let the asked origin in, and only it.
    fn is_granted<'h, V: AsRef<[u8]> + 'h>(
        &self,
        allow_origin: impl IntoIterator<Item = &'h V>,
    ) -> bool {
        let values = allow_origin.into_iter().map(AsRef::as_ref);
        values.eq([self.asked.as_bytes()])
    }
}

/// The allowed headers that others can express.
fn headers() -> Vec<&'static str> {
    let headers = HEADERS.iter().copied();
    headers.filter(|name| !name.contains('*')).collect()
}

/// What a future gives that has nothing to wait for.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("nothing to wait for"),
    }
}

/// The name and the call of a rival at a number of origins.
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

/// Every rival at each number of origins, and the bare call of those that have one.
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
