//! What the page asks about a document, and the answers: those of `cors-advice`, as JSON.

use cors_advice::browser::{Page, PageError, judge};
use cors_advice::convert::document::{Converted, convert};
use cors_advice::explain::{Question as PageQuestion, answer_json};
use cors_advice::lint::report::Report;
use cors_advice::source::Source;
use cors_core::{Configuration, MAX_REQUEST_HEADER_NAMES, Rule};
use cors_xml::{Form, Provider};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The form in which the page reads the rules.
const RULES_FORM: &str = "s3-json";
/// Most pairs of an origin and a method that are asked about at once: more than a person compares.
const MAX_PAIRS: usize = 1024;

/// What is asked about a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// What its rules hold.
    Rules,
    /// What is wrong with it.
    Lint,
    /// Why a page can or cannot read.
    Explain,
    /// Whether pages of several origins can read with several methods.
    Matrix,
    /// The document in another form.
    Convert,
}

impl Kind {
    /// The question that is asked at a path.
    pub(super) fn at(path: &str) -> Option<Kind> {
        match path {
            "/_cors/rules" => Some(Kind::Rules),
            "/_cors/lint" => Some(Kind::Lint),
            "/_cors/explain" => Some(Kind::Explain),
            "/_cors/matrix" => Some(Kind::Matrix),
            "/_cors/convert" => Some(Kind::Convert),
            _ => None,
        }
    }
}

/// A question from the page. Each kind reads some of the members.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Question {
    /// The CORS document.
    document: String,
    /// The dialect to apply; empty for the gateway's own.
    dialect: String,
    /// The page's origin.
    origin: String,
    /// The page's method.
    method: String,
    /// `NAME` or `NAME: VALUE`.
    headers: Vec<String>,
    /// Whether the page sends credentials.
    credentials: bool,
    /// The origins of a matrix.
    origins: Vec<String>,
    /// The methods of a matrix.
    methods: Vec<String>,
    /// The form to convert to.
    to: String,
}

impl Question {
    /// Whose rules apply.
    ///
    /// # Errors
    ///
    /// If the dialect is unknown, or the question is larger than what is answered.
    pub(super) fn provider(&self, own: &'static Provider) -> Result<&'static Provider, String> {
        if self.headers.len() > MAX_REQUEST_HEADER_NAMES {
            return Err(format!(
                "ask with at most {MAX_REQUEST_HEADER_NAMES} headers"
            ));
        }
        if self.origins.len().saturating_mul(self.methods.len()) > MAX_PAIRS {
            return Err(format!(
                "ask about at most {MAX_PAIRS} pairs of an origin and a method"
            ));
        }
        if self.dialect.is_empty() {
            return Ok(own);
        }
        Provider::named(&self.dialect).ok_or_else(|| {
            let names = Provider::ALL.map(|provider| provider.name).join(", ");
            format!("unknown dialect {}: use one of {names}", self.dialect)
        })
    }

    /// The answer as JSON.
    ///
    /// # Errors
    ///
    /// The question has no answer.
    pub(super) fn answer(&self, kind: Kind, provider: &'static Provider) -> Result<String, String> {
        match kind {
            Kind::Rules => self.rules(provider),
            Kind::Lint => {
                let bytes = self.document.as_bytes();
                let report = Report::of(provider.form_of(bytes), bytes);
                serde_json::to_string(&report).map_err(|error| error.to_string())
            }
            Kind::Explain => self.explain(provider),
            Kind::Matrix => self.matrix(provider).map(|cells| cells.to_string()),
            Kind::Convert => self.convert(provider),
        }
    }

    fn source(&self) -> Source<'_> {
        Source {
            name: "document",
            bytes: self.document.as_bytes(),
        }
    }

    /// The rules in one form, whatever the document's is. That a document has errors is an answer too.
    fn rules(&self, provider: &'static Provider) -> Result<String, String> {
        let source = self.source();
        let form = provider.form_of(source.bytes);
        let document = match form.parse(source.bytes) {
            Ok(document) => document,
            Err(errors) => {
                let described = source.describe(&errors);
                let text = match source.other_form(form, &errors) {
                    Some(other) => format!("{}: {other}\n{described}", source.name),
                    None => described,
                };
                return Ok(json!({ "error": text }).to_string());
            }
        };
        let image = document.compile().map_err(|error| error.to_string())?;
        let rules: Vec<Rule<'_>> = image.as_policy().rules().collect();
        let form = Form::named(RULES_FORM).ok_or("there is no form for rules")?;
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = form.write(
            &Configuration::new(&form.provider().dialect, &rules),
            &mut text,
        );
        Ok(text)
    }

    fn explain(&self, provider: &Provider) -> Result<String, String> {
        let question = PageQuestion {
            document: self.source(),
            provider,
            origin: &self.origin,
            method: &self.method,
            headers: &self.headers,
            credentials: self.credentials,
        };
        answer_json(&question).map_err(|error| error.to_string())
    }

    /// For each origin a row with a cell for each method.
    fn matrix(&self, provider: &'static Provider) -> Result<Value, String> {
        let source = self.source();
        let document = provider
            .form_of(source.bytes)
            .parse(source.bytes)
            .map_err(|errors| source.describe(&errors))?;
        let image = document.compile().map_err(|error| error.to_string())?;
        let policy = image.as_policy();
        let cell = |origin: &str, method: &str| match self.page(origin, method) {
            Err(_) => json!({ "page_can_read": false, "reason": "no_such_page", "rule": null }),
            Ok(page) => match judge(&policy, provider, &page) {
                Ok(rule) => json!({ "page_can_read": true, "reason": "readable", "rule": rule }),
                Err(failure) => {
                    json!({ "page_can_read": false, "reason": failure.reason(), "rule": null })
                }
            },
        };
        let row = |origin: &String| -> Vec<Value> {
            self.methods
                .iter()
                .map(|method| cell(origin, method))
                .collect()
        };
        Ok(self.origins.iter().map(row).collect())
    }

    fn page(&self, origin: &str, method: &str) -> Result<Page, PageError> {
        let page = Page::new(origin, method)?;
        let mut headers = self.headers.iter();
        let page = headers.try_fold(page, |page, header| page.with_header(header))?;
        Ok(page.with_credentials(self.credentials))
    }

    fn convert(&self, provider: &'static Provider) -> Result<String, String> {
        let bytes = self.document.as_bytes();
        let to = Form::named(&self.to).ok_or_else(|| format!("unknown form {}", self.to))?;
        let converted = match provider.form_of(bytes).parse(bytes) {
            Ok(document) => convert(&document, to),
            Err(errors) => Converted::unread(&errors),
        };
        let document = converted.errors.is_empty().then_some(&*converted.text);
        let answer = Conversion {
            document,
            converted: &converted,
        };
        serde_json::to_string(&answer).map_err(|error| error.to_string())
    }
}

/// The document is null if it cannot be used; then `errors` says why.
#[derive(Serialize)]
struct Conversion<'c> {
    document: Option<&'c str>,
    #[serde(flatten)]
    converted: &'c Converted,
}
