//! The shape of a form, as data: its name, title and notation.

use super::json_shape::JsonShape;
use crate::providers::s3;

/// The name, title and notation of a form. [`Provider::forms`](crate::Provider::forms) combines it
/// with the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormShape {
    pub(super) name: Option<&'static str>,
    pub(super) title: &'static str,
    pub(super) notation: Notation,
}

/// The notation of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// XML, as the provider's `GET ?cors` returns it.
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

    /// JSON with S3's member names: `AllowedOrigins`, `AllowedMethods`.
    pub const S3_MEMBERS: FormShape = FormShape::json(s3::JSON);

    /// Sets the name on command lines, in lower case, and the title for people.
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
