//! What happens when a page asks: the requests, what each rule says of them, the answers, and what would change it.

mod answer;
mod characters;
#[cfg(feature = "serde")]
mod json;
mod page_explanation;
#[cfg(feature = "documents")]
mod question;
mod suggestion;

pub use answer::{Answer, AnswerError, AnswerRefusal};
pub use characters::{from_characters, to_characters};
pub use page_explanation::{Exchange, PageExplanation, RequestReport, RuleReport, explain};
#[cfg(feature = "documents")]
pub use question::{Question, QuestionError, answer_json};
pub use suggestion::Suggestion;
