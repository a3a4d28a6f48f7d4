//! What a form is, as data: its name and how it is written.

use super::json_shape::JsonShape;
use crate::providers::s3;

/// How one form of a provider is written, and its name. [`Provider::forms`](crate::Provider::forms) joins it with the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormShape {
    pub(super) name: Option<&'static str>,
    pub(super) title: &'static str,
    pub(super) notation: Notation,
}

/// How a form is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// As the provider's `GET ?cors` writes it.
    Xml,
    Json(JsonShape),
}

impl FormShape {
    /// The provider's XML.
    pub const XML: FormShape = FormShape {
        name: None,
        title: "",
        notation: Notation::Xml,
    };

    /// JSON in the members of S3: `AllowedOrigins`, `AllowedMethods`.
    pub const S3_MEMBERS: FormShape = FormShape::json(s3::JSON);

    /// With a name for command lines, lower case, and what a person calls it.
    #[must_use]
    pub const fn named(mut self, name: &'static str, title: &'static str) -> FormShape {
        self.name = Some(name);
        self.title = title;
        self
    }

    pub(crate) const fn json(shape: JsonShape) -> FormShape {
        FormShape {
            name: None,
            title: "",
            notation: Notation::Json(shape),
        }
    }
}
