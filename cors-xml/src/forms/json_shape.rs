//! How a JSON form is written: how its members are called and what they hold, as data.

use cors_core::Field;

/// How a JSON form is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct JsonShape {
    /// The member of the outermost object that holds the rules.
    pub(crate) wrapper: &'static str,
    /// Whether the rules may stand alone, without the object.
    pub(crate) may_be_bare: bool,
    /// Whether they are written alone.
    pub(crate) writes_bare: bool,
    /// The members of a rule, in the order in which they are written.
    pub(crate) members: &'static [(&'static str, Member)],
    /// Which members every rule must have besides an origin and a method; a list may be empty, but not missing.
    pub(crate) required: &'static [Field],
    /// How methods are called, if not by themselves: name and method, and for writing the first of a method.
    pub(crate) operations: &'static [(&'static str, &'static str)],
    /// Origins that stand for a pattern: the name, and the pattern.
    pub(crate) origins: &'static [(&'static str, &'static str)],
    /// What the provider limits beyond the members of a rule.
    pub(crate) native: Option<NativeLimits>,
}

/// Limits of a rule as a whole, and of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NativeLimits {
    /// Most bytes of a rule's strings.
    pub(crate) max_rule_bytes: usize,
    /// Least characters of a name.
    pub(crate) min_name_characters: usize,
    /// What no name begins with.
    pub(crate) reserved_prefix: &'static str,
}

/// What a member of a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Member {
    Value(Field),
    /// An object with these members.
    Object(&'static [(&'static str, Field)]),
}

impl JsonShape {
    /// How a value of a rule is written.
    pub(crate) fn written<'v>(&self, field: Field, value: &'v str) -> &'v str {
        let operations = match field {
            Field::AllowedMethod => self.operations,
            _ => &[],
        };
        let operation = operations.iter().find(|(_, method)| *method == value);
        operation.map_or(value, |(name, _)| name)
    }

    /// How the form calls a member that stands in the rule itself; empty if it has none.
    pub(crate) fn name_of(&self, field: Field) -> &'static str {
        let mut members = self.members.iter();
        let found = members.find(|(_, member)| *member == Member::Value(field));
        found.map_or("", |(name, _)| *name)
    }
}
