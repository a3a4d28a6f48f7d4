//! The shape of a form, as data: its name, title and notation.

use super::member_shape::MemberShape;

/// The name, title and notation of a form. [`Provider::forms`](crate::Provider::forms) combines it
/// with the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormShape {
    pub(crate) name: Option<&'static str>,
    pub(crate) title: &'static str,
    pub(crate) notation: Notation,
}

/// The notation in which a form is written. A form with members is also read from the others, as
/// JSON from YAML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notation {
    /// XML, as the provider's `GET ?cors` returns it.
    Xml,
    Json(MemberShape),
    Yaml(MemberShape),
    /// Terraform's own language: blocks, one for each rule, after the opening of the resource,
    /// which is empty if only the blocks are written.
    Terraform(MemberShape, &'static str),
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

    /// Sets the title of a form that is only read, and has no name.
    pub(crate) const fn titled(mut self, title: &'static str) -> FormShape {
        self.title = title;
        self
    }

    pub(crate) const fn json(shape: MemberShape) -> FormShape {
        FormShape::of(Notation::Json(shape))
    }

    pub(crate) const fn yaml(shape: MemberShape) -> FormShape {
        FormShape::of(Notation::Yaml(shape))
    }

    pub(crate) const fn terraform(shape: MemberShape, opening: &'static str) -> FormShape {
        FormShape::of(Notation::Terraform(shape, opening))
    }

    const fn of(notation: Notation) -> FormShape {
        FormShape {
            name: None,
            title: "",
            notation,
        }
    }
}

impl Notation {
    /// Returns the names of the members; `None` for XML, which has elements.
    pub(crate) const fn members(&self) -> Option<&MemberShape> {
        match self {
            Notation::Xml => None,
            Notation::Json(shape) | Notation::Yaml(shape) | Notation::Terraform(shape, _) => {
                Some(shape)
            }
        }
    }
}
