//! The shape of a form, as data: its name, title and notation.

use super::json_shape::JsonShape;

/// The name, title and notation of a form. [`Provider::forms`](crate::Provider::forms) combines it
/// with the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormShape {
    pub(crate) name: Option<&'static str>,
    pub(crate) title: &'static str,
    pub(crate) notation: Notation,
}

/// The notation of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notation {
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
