//! Explains a page's request: what the browser sends, how each rule matches, the answers, and which
//! change would help.

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
