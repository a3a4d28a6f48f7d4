//! Answers a question about a document as JSON.

use alloc::format;
use alloc::string::String;
use core::fmt;

use cors_core::CompileError;
use cors_xml::Provider;

use super::page_explanation::explain;
use crate::browser::{Page, PageError};
use crate::source::Source;

/// A question: can this page read from a bucket with these rules?
#[derive(Clone, Copy, Debug)]
pub struct Question<'q> {
    /// The bucket's rules as a document of the provider, in any of its forms, and its name in
    /// messages.
    pub document: Source<'q>,
    /// The provider whose semantics apply.
    pub provider: &'q Provider,
    /// The page's origin.
    pub origin: &'q str,
    /// The method of its request.
    pub method: &'q str,
    /// The headers of its request, each `NAME` or `NAME: VALUE`.
    pub headers: &'q [String],
    /// Whether the credentials mode is `include`.
    pub credentials: bool,
}

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum QuestionError {
    /// No page can make that request.
    Page(PageError),
    /// All errors of the document, each with its line.
    Document(String),
    /// The configuration exceeds a limit of the image format.
    Compile(CompileError),
    /// The answer could not be written as JSON.
    Json(String),
}

/// Returns what `cors explain --json` prints: one JSON object, without a line break.
///
/// # Errors
///
/// If no page can make the request, the document has errors, or the configuration exceeds a limit
/// of the image format.
///
/// # Complexity
///
/// The same as [`explain`].
///
/// # Examples
///
/// ```
/// use cors_advice::explain::{Question, answer_json};
/// use cors_advice::source::Source;
/// use cors_xml::Provider;
///
/// let text = b"<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>";
/// let json = answer_json(&Question {
///     document: Source { name: "bucket.xml", bytes: text },
///     provider: &Provider::OSS,
///     origin: "https://app.example",
///     method: "GET",
///     headers: &[],
///     credentials: false,
/// })?;
/// assert!(json.starts_with(r#"{"dialect":"oss","preflight_needed":false,"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn answer_json(question: &Question<'_>) -> Result<String, QuestionError> {
    let page = Page::new(question.origin, question.method).map_err(QuestionError::Page)?;
    let mut headers = question.headers.iter();
    let page = headers
        .try_fold(page, |page, header| page.with_header(header))
        .map_err(QuestionError::Page)?
        .with_credentials(question.credentials);
    let source = question.document;
    let form = question.provider.form_of(source.bytes);
    let document = form.parse(source.bytes).map_err(|errors| {
        let text = source.describe(&errors);
        QuestionError::Document(match source.other_form(form, &errors) {
            Some(other) => format!("{}: {other}\n      {text}", source.name),
            None => text,
        })
    })?;
    let image = document.compile().map_err(QuestionError::Compile)?;
    let explanation = explain(&image.as_policy(), form, &page);
    serde_json::to_string(&explanation).map_err(|error| QuestionError::Json(format!("{error}")))
}

impl core::error::Error for QuestionError {}

impl fmt::Display for QuestionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            QuestionError::Page(error) => error.fmt(f),
            QuestionError::Compile(error) => error.fmt(f),
            QuestionError::Document(text) | QuestionError::Json(text) => f.write_str(text),
        }
    }
}
