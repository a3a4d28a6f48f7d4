//! Changes to the rules of a document: each is carried out, or shown in the words of a form.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use cors_core::{CompileError, Configuration, Dialect, Field, Policy, PolicyVec, Rule, RuleBuf};
use cors_xml::Form;

/// A change to the rules of a document. Rules are counted from 0, as they are when this change
/// begins.
///
/// # Examples
///
/// ```
/// use cors_advice::edit::{Draft, Edit};
/// use cors_core::{Field, RuleBuf};
/// use cors_xml::Form;
///
/// let edit = Edit::Add { rule: 0, field: Field::AllowedMethod, values: vec!["DELETE".to_owned()] };
/// let shown = |form: &str| edit.in_form(Form::named(form).unwrap()).to_string();
/// assert_eq!(shown("s3"), "add <AllowedMethod>DELETE</AllowedMethod> to rule 1");
/// assert_eq!(shown("b2"), "add \"s3_delete\" to allowedOperations of rule 1");
///
/// let mut draft = Draft { rules: vec![RuleBuf::default()], response_vary: false };
/// assert!(draft.apply(&edit));
/// assert_eq!(draft.rules[0].allowed_methods, ["DELETE"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Edit {
    /// Adds values to the end of a list.
    Add {
        /// The rule.
        rule: usize,
        /// The list.
        field: Field,
        /// The values.
        values: Vec<String>,
    },
    /// Removes a value from a list: the last one that is spelled so.
    Remove {
        /// The rule.
        rule: usize,
        /// The list.
        field: Field,
        /// The value.
        value: String,
    },
    /// Puts values in the place of one: the first one that is spelled so.
    Replace {
        /// The rule.
        rule: usize,
        /// The list.
        field: Field,
        /// The value.
        value: String,
        /// What takes its place.
        with: Vec<String>,
    },
    /// Sets the max age of a rule.
    SetMaxAge {
        /// The rule.
        rule: usize,
        /// The seconds.
        seconds: i32,
    },
    /// Puts a new rule before the one with this index, or at the end.
    InsertRule {
        /// The index of the new rule.
        index: usize,
        /// The new rule.
        new: RuleBuf,
    },
    /// Removes a rule.
    RemoveRule {
        /// The rule.
        rule: usize,
    },
    /// Sets `ResponseVary`.
    SetResponseVary(bool),
}

/// The words of a change in a form.
struct InForm<'e, 'f> {
    edit: &'e Edit,
    form: Form<'f>,
}

impl fmt::Display for InForm<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.edit.write_in(self.form, f)
    }
}

impl Edit {
    /// The words of the change in a form: a clause without a full stop, in which each value and
    /// each rule is spelled as the document spells it.
    pub fn in_form(&self, form: Form<'_>) -> impl fmt::Display {
        InForm { edit: self, form }
    }

    /// The rule that is changed; `None` for a new rule, or for the document as a whole.
    pub fn rule(&self) -> Option<usize> {
        match self {
            Edit::Add { rule, .. }
            | Edit::Remove { rule, .. }
            | Edit::Replace { rule, .. }
            | Edit::SetMaxAge { rule, .. }
            | Edit::RemoveRule { rule } => Some(*rule),
            Edit::InsertRule { .. } | Edit::SetResponseVary(_) => None,
        }
    }

    /// The kind of change as a word that is stable across versions.
    pub fn word(&self) -> &'static str {
        match self {
            Edit::Add { .. } => "add",
            Edit::Remove { .. } => "remove",
            Edit::Replace { .. } => "replace",
            Edit::SetMaxAge { .. } => "set_max_age",
            Edit::InsertRule { .. } => "insert_rule",
            Edit::RemoveRule { .. } => "remove_rule",
            Edit::SetResponseVary(_) => "set_response_vary",
        }
    }

    fn write_in(&self, form: Form<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let items = |f: &mut fmt::Formatter<'_>, field: Field, values: &[String]| {
            values.iter().enumerate().try_for_each(|(index, value)| {
                f.write_str(if index == 0 { "" } else { ", " })?;
                write!(f, "{}", form.item(field, value))
            })
        };
        match self {
            Edit::Add {
                rule,
                field,
                values,
            } => {
                f.write_str("add ")?;
                items(f, *field, values)?;
                write!(f, " to {}", form.place(*field, *rule))
            }
            Edit::Remove { rule, field, value } => {
                let item = form.item(*field, value);
                write!(f, "remove {item} from {}", form.place(*field, *rule))
            }
            Edit::Replace {
                rule,
                field,
                value,
                with,
            } => {
                let item = form.item(*field, value);
                write!(f, "in {}, replace {item} with ", form.place(*field, *rule))?;
                items(f, *field, with)
            }
            Edit::SetMaxAge { rule, seconds } => {
                let mut text = String::new();
                fmt::write(&mut text, format_args!("{seconds}"))?;
                let item = form.item(Field::MaxAgeSeconds, &text);
                write!(
                    f,
                    "set {item} in {}",
                    form.place(Field::MaxAgeSeconds, *rule)
                )
            }
            Edit::InsertRule { index, new } => {
                let next = index.saturating_add(1);
                write!(
                    f,
                    "add a rule as rule {next}: {}",
                    form.rule(&new.as_rule(), *index)
                )
            }
            Edit::RemoveRule { rule } => write!(f, "remove rule {}", rule.saturating_add(1)),
            Edit::SetResponseVary(value) => match form.response_vary(*value) {
                Some(setting) => write!(f, "set {setting}"),
                None => write!(f, "set ResponseVary to {value}, in a form that has it"),
            },
        }
    }
}

/// Rules that are being changed, with the setting beside them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The rules in their order.
    pub rules: Vec<RuleBuf>,
    /// As [`Configuration::response_vary`].
    pub response_vary: bool,
}

impl Draft {
    /// Copies the rules of a policy.
    pub fn of(policy: &Policy<'_>) -> Draft {
        Draft {
            rules: policy.rules().map(|rule| RuleBuf::from(&rule)).collect(),
            response_vary: policy.response_vary(),
        }
    }

    /// Carries out a change. Returns false, with nothing changed, if there is no such rule or
    /// value, or the field is not a list.
    pub fn apply(&mut self, edit: &Edit) -> bool {
        self.applied(edit).is_some()
    }

    /// Lends the rules as a configuration.
    pub fn with_configuration<T>(
        &self,
        dialect: &Dialect,
        read: impl FnOnce(&Configuration<'_>) -> T,
    ) -> T {
        let rules: Vec<Rule<'_>> = self.rules.iter().map(RuleBuf::as_rule).collect();
        read(&Configuration {
            response_vary: self.response_vary,
            ..Configuration::new(dialect, &rules)
        })
    }

    /// Compiles the rules under a dialect.
    ///
    /// # Errors
    ///
    /// Those of the configuration, or of the image format.
    pub fn compile(&self, dialect: &Dialect) -> Result<PolicyVec, CompileError> {
        self.with_configuration(dialect, |configuration| configuration.checked()?.compile())
    }

    fn applied(&mut self, edit: &Edit) -> Option<()> {
        match edit {
            Edit::Add {
                rule,
                field,
                values,
            } => self.list(*rule, *field)?.extend(values.iter().cloned()),
            Edit::Remove { rule, field, value } => {
                let list = self.list(*rule, *field)?;
                let at = list.iter().rposition(|known| known == value)?;
                list.remove(at);
            }
            Edit::Replace {
                rule,
                field,
                value,
                with,
            } => {
                let list = self.list(*rule, *field)?;
                let at = list.iter().position(|known| known == value)?;
                list.splice(at..=at, with.iter().cloned());
            }
            Edit::SetMaxAge { rule, seconds } => {
                self.rules.get_mut(*rule)?.max_age_seconds = Some(*seconds);
            }
            Edit::InsertRule { index, new } => {
                self.rules.get(..*index)?;
                self.rules.insert(*index, new.clone());
            }
            Edit::RemoveRule { rule } => {
                self.rules.get(*rule)?;
                self.rules.remove(*rule);
            }
            Edit::SetResponseVary(value) => self.response_vary = *value,
        }
        Some(())
    }

    fn list(&mut self, rule: usize, field: Field) -> Option<&mut Vec<String>> {
        let rule = self.rules.get_mut(rule)?;
        match field {
            Field::AllowedOrigin => Some(&mut rule.allowed_origins),
            Field::AllowedMethod => Some(&mut rule.allowed_methods),
            Field::AllowedHeader => Some(&mut rule.allowed_headers),
            Field::ExposeHeader => Some(&mut rule.expose_headers),
            Field::Id | Field::MaxAgeSeconds | Field::AllowCredentials => None,
        }
    }
}

#[cfg(feature = "serde")]
mod serialize {
    use serde::ser::{Serialize, SerializeMap, Serializer};

    use super::Edit;

    /// An object with the member `edit` and what that change needs.
    impl Serialize for Edit {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(None)?;
            map.serialize_entry("edit", self.word())?;
            if let Some(rule) = self.rule() {
                map.serialize_entry("rule", &rule)?;
            }
            match self {
                Edit::Add { field, values, .. } => {
                    map.serialize_entry("field", field.name())?;
                    map.serialize_entry("values", values)?;
                }
                Edit::Remove { field, value, .. } => {
                    map.serialize_entry("field", field.name())?;
                    map.serialize_entry("value", value)?;
                }
                Edit::Replace {
                    field, value, with, ..
                } => {
                    map.serialize_entry("field", field.name())?;
                    map.serialize_entry("value", value)?;
                    map.serialize_entry("with", with)?;
                }
                Edit::SetMaxAge { seconds, .. } => map.serialize_entry("seconds", seconds)?,
                Edit::InsertRule { index, new } => {
                    map.serialize_entry("index", index)?;
                    map.serialize_entry("id", &new.id)?;
                    map.serialize_entry("allowed_origins", &new.allowed_origins)?;
                    map.serialize_entry("allowed_methods", &new.allowed_methods)?;
                    map.serialize_entry("allowed_headers", &new.allowed_headers)?;
                    map.serialize_entry("expose_headers", &new.expose_headers)?;
                    map.serialize_entry("max_age_seconds", &new.max_age_seconds)?;
                }
                Edit::RemoveRule { .. } => {}
                Edit::SetResponseVary(value) => map.serialize_entry("value", value)?,
            }
            map.end()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::borrow::ToOwned;
    use alloc::string::ToString;
    use alloc::vec;

    fn edits() -> [Edit; 7] {
        let field = Field::AllowedOrigin;
        [
            Edit::Add {
                rule: 0,
                field,
                values: vec!["https://b.example".to_owned(), "null".to_owned()],
            },
            Edit::Remove {
                rule: 0,
                field,
                value: "null".to_owned(),
            },
            Edit::Replace {
                rule: 0,
                field,
                value: "https://b.example".to_owned(),
                with: vec!["https://c.example".to_owned()],
            },
            Edit::SetMaxAge {
                rule: 0,
                seconds: 600,
            },
            Edit::InsertRule {
                index: 1,
                new: RuleBuf {
                    allowed_origins: vec!["https://d.example".to_owned()],
                    allowed_methods: vec!["PUT".to_owned()],
                    ..RuleBuf::default()
                },
            },
            Edit::RemoveRule { rule: 0 },
            Edit::SetResponseVary(true),
        ]
    }

    fn words(name: &str) -> Vec<String> {
        let form = Form::named(name).unwrap();
        let edits = edits();
        edits
            .iter()
            .map(|edit| edit.in_form(form).to_string())
            .collect()
    }

    #[test]
    fn changes_are_shown_as_the_document_spells_them() {
        assert_eq!(
            words("oss"),
            [
                "add <AllowedOrigin>https://b.example</AllowedOrigin>, <AllowedOrigin>null</AllowedOrigin> to rule 1",
                "remove <AllowedOrigin>null</AllowedOrigin> from rule 1",
                "in rule 1, replace <AllowedOrigin>https://b.example</AllowedOrigin> with <AllowedOrigin>https://c.example</AllowedOrigin>",
                "set <MaxAgeSeconds>600</MaxAgeSeconds> in rule 1",
                "add a rule as rule 2: <CORSRule><AllowedOrigin>https://d.example</AllowedOrigin><AllowedMethod>PUT</AllowedMethod></CORSRule>",
                "remove rule 1",
                "set <ResponseVary>true</ResponseVary> in <CORSConfiguration>",
            ]
        );
        assert_eq!(
            words("r2"),
            [
                "add \"https://b.example\", \"null\" to allowed.origins of rule 1",
                "remove \"null\" from allowed.origins of rule 1",
                "in allowed.origins of rule 1, replace \"https://b.example\" with \"https://c.example\"",
                "set 600 in maxAgeSeconds of rule 1",
                "add a rule as rule 2: {\"allowed\": {\"origins\": [\"https://d.example\"], \"methods\": [\"PUT\"]}}",
                "remove rule 1",
                "set ResponseVary to true, in a form that has it",
            ]
        );
    }

    #[test]
    fn changes_are_carried_out_in_turn() {
        let mut draft = Draft {
            rules: vec![RuleBuf::default()],
            response_vary: false,
        };
        for edit in edits() {
            assert!(draft.apply(&edit), "{edit:?}");
        }
        assert!(draft.response_vary);
        assert_eq!(draft.rules.len(), 1);
        assert_eq!(draft.rules[0].allowed_origins, ["https://d.example"]);
    }

    #[test]
    fn a_change_of_what_is_not_there_changes_nothing() {
        let mut draft = Draft::default();
        for edit in edits() {
            let is_document_wide = matches!(edit, Edit::SetResponseVary(_));
            assert_eq!(draft.apply(&edit), is_document_wide, "{edit:?}");
        }
        assert!(draft.rules.is_empty());
    }
}
