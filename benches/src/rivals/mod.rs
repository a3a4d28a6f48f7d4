//! Other people's CORS: each is built from the same list of origins, asked the same question, and must give the same answer.

mod tower;

use crate::cases::{exact, text};
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
    fn request(&self) -> http::Request<()> {
        let request = http::Request::builder()
            .uri("/object")
            .header("origin", self.asked);
        request.body(()).expect("a valid request")
    }

    /// Whether response headers let the asked origin in, and only it.
    fn is_granted<'h>(&self, allow_origin: impl IntoIterator<Item = &'h [u8]>) -> bool {
        allow_origin.into_iter().eq([self.asked.as_bytes()])
    }
}

/// Every rival at each number of origins, and what its bare call costs where it has one.
pub fn subjects(counts: &[usize]) -> Vec<Subject> {
    let mut subjects = vec![tower::base()];
    for &count in counts {
        subjects.push(tower::actual(count));
    }
    subjects
}
