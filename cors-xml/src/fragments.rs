//! Pieces of a document in a form: a value, where it belongs, a whole rule. Messages show them, so
//! that they can be copied into the document.

use core::fmt::{self, Write};

use cors_core::{Field, Rule};

use crate::displayed::displayed;
use crate::form::Form;
use crate::providers::Provider;
use crate::shapes::{Element, ListNotation, Lists, Notation};
use crate::write::{Quoting, write_string, write_value};

impl Form<'_> {
    /// Returns whether the form can hold a value of this field.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::Field;
    /// use cors_xml::Form;
    ///
    /// // The only list of header names on GCS is `responseHeader`.
    /// let form = Form::named("gcs-json").unwrap();
    /// assert!(form.has(Field::ExposeHeader) && !form.has(Field::AllowedHeader));
    /// ```
    pub fn has(self, field: Field) -> bool {
        match self.notation().members() {
            Some(shape) => shape.path_of(field).is_some(),
            None => !self.provider().documents.element_name(field).is_empty(),
        }
    }

    /// Returns whether every rule must have this field, besides an origin and a method.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::Field;
    /// use cors_xml::Form;
    ///
    /// assert!(Form::named("b2").unwrap().requires(Field::Id));
    /// assert!(!Form::named("s3").unwrap().requires(Field::Id));
    /// ```
    pub fn requires(self, field: Field) -> bool {
        match self.notation().members() {
            Some(shape) => shape.required.contains(&field),
            None => self.provider().documents.required.contains(&field),
        }
    }

    /// Returns one value of a field as the document spells it: an element, a JSON value, or an item
    /// of a list that is joined with commas.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::Field;
    /// use cors_xml::Form;
    ///
    /// let item = |form: &str, value: &str| {
    ///     Form::named(form).unwrap().item(Field::AllowedMethod, value).to_string()
    /// };
    /// assert_eq!(item("s3", "DELETE"), "<AllowedMethod>DELETE</AllowedMethod>");
    /// assert_eq!(item("b2", "DELETE"), "\"s3_delete\"");
    /// assert_eq!(item("azure", "DELETE"), "DELETE");
    /// ```
    pub fn item(self, field: Field, value: &str) -> impl fmt::Display {
        displayed(move |f| match self.notation().members() {
            Some(_) if field == Field::MaxAgeSeconds => f.write_str(value),
            Some(shape) if shape.lists == ListNotation::CommaSeparated && is_list(field) => {
                f.write_str(shape.written(field, value))
            }
            Some(shape) => {
                let quoting = Quoting::of(self.notation());
                write_string(shape.written(field, value), quoting, f)
            }
            None if self.joins(field) => write_value(f, value),
            None => {
                let name = self.provider().documents.element_name(field);
                write!(f, "<{name}>")?;
                write_value(f, value)?;
                write!(f, "</{name}>")
            }
        })
    }

    /// Returns where a document holds the values of a field: `rule 1`, or the list in it, such as
    /// `AllowedHeaders of rule 1`. Rules are counted from 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::Field;
    /// use cors_xml::Form;
    ///
    /// let place = |form: &str| Form::named(form).unwrap().place(Field::AllowedOrigin, 0).to_string();
    /// assert_eq!(place("s3"), "rule 1");
    /// assert_eq!(place("s3-json"), "AllowedOrigins of rule 1");
    /// assert_eq!(place("r2"), "allowed.origins of rule 1");
    /// assert_eq!(place("gcs"), "<Origins> of rule 1");
    /// ```
    pub fn place(self, field: Field, rule: usize) -> impl fmt::Display {
        displayed(move |f| {
            let elements = &self.provider().documents.elements;
            match self.notation().members() {
                Some(shape) => match shape.path_of(field) {
                    Some((Some(outer), inner)) => write!(f, "{outer}.{inner} of ")?,
                    Some((None, name)) => write!(f, "{name} of ")?,
                    None => {}
                },
                None if self.joins(field) => write!(f, "<{}> of ", elements.of(field))?,
                None if elements.lists == Lists::Wrapped && is_list(field) => {
                    write!(f, "<{}> of ", elements.name(Element::List(field)))?;
                }
                None => {}
            }
            write!(f, "rule {}", rule.saturating_add(1))
        })
    }

    /// Returns a rule as a document holds it: in one line, but in Terraform as a block. The index, counted from 0, names a rule
    /// that must have a name but has none.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{List, Rule};
    /// use cors_xml::Form;
    ///
    /// let rule = Rule {
    ///     allowed_origins: List::new(&["https://a.example"]),
    ///     allowed_methods: List::new(&["GET"]),
    ///     ..Rule::EMPTY
    /// };
    /// let text = |form: &str| Form::named(form).unwrap().rule(&rule, 0).to_string();
    /// assert_eq!(text("gcs-json"), r#"{"origin": ["https://a.example"], "method": ["GET"]}"#);
    /// assert!(text("s3").starts_with("<CORSRule><AllowedOrigin>https://a.example</AllowedOrigin>"));
    /// ```
    pub fn rule(self, rule: &Rule<'_>, index: usize) -> impl fmt::Display {
        displayed(move |f| match self.notation() {
            Notation::Xml => self.provider().write_rule(rule, f),
            Notation::Terraform(shape, _) => shape.write_block(rule, index, 0, f),
            // An object of JSON is one of YAML too.
            Notation::Json(shape) | Notation::Yaml(shape) => {
                let mut out = OneLine {
                    out: f,
                    at_start: true,
                };
                shape.write_rule(rule, index, 0, &mut out)
            }
        })
    }

    /// Returns `ResponseVary` with this value and where it belongs, if the form has it.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_xml::Form;
    ///
    /// let text = Form::named("oss").unwrap().response_vary(true).unwrap().to_string();
    /// assert_eq!(text, "<ResponseVary>true</ResponseVary> in <CORSConfiguration>");
    /// let text = Form::named("oss-json").unwrap().response_vary(true).unwrap().to_string();
    /// assert_eq!(text, "\"ResponseVary\": true beside \"CORSRule\"");
    /// assert!(Form::named("s3").unwrap().response_vary(true).is_none());
    /// ```
    pub fn response_vary(self, value: bool) -> Option<impl fmt::Display> {
        let Provider { documents, .. } = self.provider();
        let has_it = match self.notation().members() {
            Some(shape) => shape.response_vary.is_some(),
            None => documents.response_vary,
        };
        has_it.then(|| {
            displayed(move |f| {
                let element = documents.elements.name(Element::ResponseVary);
                let root = documents.elements.name(Element::Configuration);
                match (self.notation(), self.notation().members()) {
                    (Notation::Terraform(..), Some(shape)) => {
                        let name = shape.response_vary.unwrap_or_default();
                        write!(f, "{name} = {value} beside {}", shape.wrapper)
                    }
                    (_, Some(shape)) => {
                        let name = shape.response_vary.unwrap_or_default();
                        write!(f, "\"{name}\": {value} beside \"{}\"", shape.wrapper)
                    }
                    (_, None) => write!(f, "<{element}>{value}</{element}> in <{root}>"),
                }
            })
        })
    }

    /// Whether the list is one element in XML, with its items joined by commas.
    fn joins(self, field: Field) -> bool {
        self.provider().documents.joins_lists() && is_list(field)
    }
}

fn is_list(field: Field) -> bool {
    !matches!(
        field,
        Field::Id | Field::MaxAgeSeconds | Field::AllowCredentials
    )
}

/// A writer that leaves out indentation and puts a space after a comma in place of a line break.
/// JSON strings have no line break, because it is escaped.
struct OneLine<'o, W: Write> {
    out: &'o mut W,
    at_start: bool,
}

impl<W: Write> Write for OneLine<'_, W> {
    fn write_char(&mut self, character: char) -> fmt::Result {
        match character {
            '\n' => {
                self.at_start = true;
                Ok(())
            }
            ' ' if self.at_start => Ok(()),
            _ => {
                self.at_start = false;
                self.out.write_char(character)
            }
        }
    }

    fn write_str(&mut self, text: &str) -> fmt::Result {
        // A line break after a comma becomes a space.
        let text = match text {
            ",\n" => {
                self.at_start = true;
                return self.out.write_str(", ");
            }
            _ => text,
        };
        text.chars()
            .try_for_each(|character| self.write_char(character))
    }
}
