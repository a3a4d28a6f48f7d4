//! The shape of a JSON form, as data: the names and contents of its members.

use cors_core::Field;

/// The shape of a JSON form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct JsonShape {
    /// The member of the outermost object that contains the rules.
    pub(crate) wrapper: &'static str,
    /// Whether a document may be just the array of rules, without the object.
    pub(crate) may_be_bare: bool,
    /// Whether it is written that way.
    pub(crate) writes_bare: bool,
    /// The members of a rule, in the order in which they are written.
    pub(crate) members: &'static [(&'static str, Member)],
    /// The members that every rule must have besides an origin and a method; a list may be empty,
    /// but not missing.
    pub(crate) required: &'static [Field],
    /// The form's own names for methods, as pairs of name and method. The first pair of a method is
    /// used for writing.
    pub(crate) operations: &'static [(&'static str, &'static str)],
    /// Origins that mean a pattern, as pairs of name and pattern.
    pub(crate) origins: &'static [(&'static str, &'static str)],
    /// Further limits of the provider, beyond those of single members.
    pub(crate) native: Option<NativeLimits>,
}

/// Limits on a rule as a whole and on its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NativeLimits {
    /// Largest total size of a rule's strings in bytes.
    pub(crate) max_rule_bytes: usize,
    /// Shortest name in characters.
    pub(crate) min_name_characters: usize,
    /// The prefix that a name must not have.
    pub(crate) reserved_prefix: &'static str,
}

/// The content of a rule's member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Member {
    Value(Field),
    /// An object with these members.
    Object(&'static [(&'static str, Field)]),
}

impl JsonShape {
    /// Returns how the form writes a value of a rule.
    pub(crate) fn written<'v>(&self, field: Field, value: &'v str) -> &'v str {
        let operations = match field {
            Field::AllowedMethod => self.operations,
            _ => &[],
        };
        let operation = operations.iter().find(|(_, method)| *method == value);
        operation.map_or(value, |(name, _)| name)
    }

    /// Returns the form's names for a member: the object in the rule that holds it, if it is not
    /// directly in the rule, and its own name. `None` if the form has no such member.
    pub(crate) fn path_of(&self, sought: Field) -> Option<(Option<&'static str>, &'static str)> {
        self.members.iter().find_map(|(name, member)| match member {
            Member::Value(field) => (*field == sought).then_some((None, *name)),
            Member::Object(members) => {
                let mut members = members.iter();
                let found = members.find(|(_, field)| *field == sought);
                found.map(|(inner, _)| (Some(*name), *inner))
            }
        })
    }

    /// Returns the form's name for a member directly in the rule; empty if there is no such member.
    pub(crate) fn name_of(&self, field: Field) -> &'static str {
        let mut members = self.members.iter();
        let found = members.find(|(_, member)| *member == Member::Value(field));
        found.map_or("", |(name, _)| *name)
    }
}
