//! The shape of a form with named members (JSON, YAML, Terraform), as data: the names and contents of the members.

use cors_core::Field;

/// The shape of a form whose rules are objects with named members, in whichever notation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing about a form, in any combination"
)]
pub(crate) struct MemberShape {
    /// The member that contains the rules, as it is written.
    pub(crate) wrapper: &'static str,
    /// Other names of that member, which are only read.
    pub(crate) other_wrappers: &'static [&'static str],
    /// The members inside which, at any depth, the object with that member may be; it may also be
    /// the outermost.
    pub(crate) within: &'static [&'static str],
    /// Whether the object with the rules is a record with other settings, which are passed over;
    /// otherwise they are errors.
    pub(crate) is_record: bool,
    /// The member beside the rules that corresponds to `ResponseVary`.
    pub(crate) response_vary: Option<&'static str>,
    /// Whether a document may be just the array of rules, without the object.
    pub(crate) may_be_bare: bool,
    /// Whether it is written that way.
    pub(crate) writes_bare: bool,
    /// The members of a rule, in the order in which they are written.
    pub(crate) members: &'static [(&'static str, Member)],
    /// Other names of members, which are only read.
    pub(crate) other_names: &'static [(&'static str, Field)],
    /// How a list is written.
    pub(crate) lists: ListNotation,
    /// Whether a number may be in quotes.
    pub(crate) quotes_numbers: bool,
    /// Whether `null` is the same as a missing member.
    pub(crate) null_is_unset: bool,
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

/// How a form with members writes a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListNotation {
    Array,
    /// An array; a single item may also be there without one.
    ArrayOrItem,
    /// One string: the items joined with commas.
    CommaSeparated,
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
    /// A name for what the rules apply to. A document is read only if all its rules have the same.
    Target,
}

impl MemberShape {
    /// Returns how the form writes a value of a rule.
    pub(crate) fn written<'v>(&self, field: Field, value: &'v str) -> &'v str {
        let operations = match field {
            Field::AllowedMethod => self.operations,
            _ => &[],
        };
        let operation = operations.iter().find(|(_, method)| *method == value);
        operation.map_or(value, |(name, _)| name)
    }

    /// Returns the form's name for a member of a rule, and the name of the object around it, if it
    /// is in one; `None` if there is no such member.
    pub(crate) fn path_of(&self, field: Field) -> Option<(Option<&'static str>, &'static str)> {
        self.members.iter().find_map(|(name, member)| match member {
            Member::Value(known) => (*known == field).then_some((None, *name)),
            Member::Object(members) => {
                let inner = members.iter().find(|(_, known)| *known == field);
                inner.map(|(inner, _)| (Some(*name), *inner))
            }
            Member::Target => None,
        })
    }

    /// Returns the form's name for a member of a rule; empty if there is no such member.
    #[cfg(feature = "json")]
    pub(crate) fn name_of(&self, field: Field) -> &'static str {
        self.path_of(field).map_or("", |(_, name)| name)
    }

    /// Whether a member contains the rules.
    #[cfg(feature = "json")]
    pub(crate) fn is_wrapper(&self, name: &str) -> bool {
        name == self.wrapper || self.other_wrappers.contains(&name)
    }

    /// Iterates over the names that are found in documents of this form and in few others: those
    /// of the members around the rules.
    pub(crate) fn marks(&self) -> impl Iterator<Item = &'static str> {
        let wrappers = core::iter::once(self.wrapper).chain(self.other_wrappers.iter().copied());
        wrappers.chain(self.within.iter().copied())
    }
}
