//! Explains a page's request: what the browser sends, how each rule matches, the answers, and which
//! change would help.

mod answer;
mod characters;
#[cfg(feature = "serde")]
mod json;
mod note;
mod page_change;
mod page_explanation;
#[cfg(feature = "documents")]
mod question;
mod rule_change;
mod suggestion;

pub use answer::{Answer, AnswerError, AnswerRefusal};
pub use characters::{from_characters, to_characters};
pub use note::Note;
pub use page_change::PageChange;
pub use page_explanation::{
    Exchange, NearMissReport, PageExplanation, RequestReport, RuleReport, explain,
};
#[cfg(feature = "documents")]
pub use question::{Question, QuestionError, answer_json};
pub use suggestion::Suggestion;
