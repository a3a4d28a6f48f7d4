//! Other CORS libraries: each is built from the same list of origins, asked the same questions, and
//! must return the same answers.
//!
//! A middleware is measured with its framework's request and a service that does nothing, and so is
//! the bare call: the difference is the cost of the middleware. A library without a framework decides
//! alone, and is compared with our decision.

mod actix;
mod bunner;
mod other_cors_core;
mod ours;
mod poem;
mod question;
mod salvo;
mod tower;
mod warp;

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use crate::measure::Subject;
use question::{Kind, Question};

/// The result of a future that never waits.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("nothing to wait for"),
    }
}

/// A library: its name, and how it is asked.
struct Rival {
    name: &'static str,
    /// The bare call; none for a library that only decides.
    base: Option<fn(&Question) -> Subject>,
    asked: fn(Question) -> Subject,
}

const RIVALS: [Rival; 7] = [
    Rival {
        name: "tower-http",
        base: Some(|question| tower::base("tower-http", question)),
        asked: tower::asked,
    },
    Rival {
        name: "actix-cors",
        base: Some(actix::base),
        asked: actix::asked,
    },
    Rival {
        name: "warp",
        base: Some(warp::base),
        asked: warp::asked,
    },
    Rival {
        name: "poem",
        base: Some(poem::base),
        asked: poem::asked,
    },
    Rival {
        name: "salvo-cors",
        base: Some(salvo::base),
        asked: salvo::asked,
    },
    Rival {
        name: "bunner_cors_rs",
        base: None,
        asked: bunner::asked,
    },
    Rival {
        name: "other-cors-core",
        base: None,
        asked: other_cors_core::asked,
    },
];

const OURS: Rival = Rival {
    name: "cors-http",
    base: Some(|question| tower::base("cors-http", question)),
    asked: ours::asked,
};

/// The names of all rivals.
pub fn names() -> [&'static str; 7] {
    RIVALS.map(|rival| rival.name)
}

/// The names of the layers and middlewares, ours first.
pub fn layers() -> Vec<&'static str> {
    let all = std::iter::once(OURS).chain(RIVALS);
    let layers = all.filter(|rival| rival.base.is_some());
    layers.map(|rival| rival.name).collect()
}

/// Every rival for each number of origins, with a preflight and the bare calls; the two tower layers also
/// with what they refuse, and around a response that has headers.
pub fn subjects(counts: &[usize]) -> Vec<Subject> {
    let mut subjects = Vec::new();
    for rival in std::iter::once(OURS).chain(RIVALS) {
        let preflight = || Question::new(Kind::Preflight, 10);
        if let Some(base) = rival.base {
            subjects.push(base(&Question::new(Kind::Actual, 10)));
            subjects.push(base(&preflight()));
        }
        let actual = counts
            .iter()
            .map(|count| Question::new(Kind::Actual, *count));
        subjects.extend(actual.map(rival.asked));
        subjects.push((rival.asked)(preflight()));
    }
    for rival in [OURS, Rival { ..RIVALS[0] }] {
        for kind in [Kind::Refused, Kind::NoOrigin] {
            subjects.extend(rival.base.map(|base| base(&Question::new(kind, 10))));
            subjects.push((rival.asked)(Question::new(kind, 10)));
        }
    }
    subjects.extend(tower::with_five_headers());
    subjects.push(ours::with_five_headers());
    subjects.push(ours::looked_up());
    subjects.push(other_cors_core::http1(Question::new(Kind::Preflight, 10)));
    subjects
}
