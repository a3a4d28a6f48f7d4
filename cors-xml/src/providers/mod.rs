//! The registry of providers: everything that differs between them, as data, one file for each.

mod azure;
mod b2;
mod cos;
mod gcs;
mod obs;
mod oss;
mod r2;
pub(crate) mod s3;
mod strict;

use cors_core::{Dialect, Field};

use crate::checksum::Checksum;
use crate::errors::ErrorTable;
use crate::shapes::{ElementNames, FormShape, Lists};

/// A provider of bucket CORS: its dialect, its documents and their forms, and its error responses.
///
/// The constants are the providers this project knows; a server with its own limits derives one
/// with the `with_` functions.
///
/// # Examples
///
/// ```
/// use cors_core::Dialect;
/// use cors_xml::{Document, FormShape, Provider};
///
/// const OURS: Provider = Provider::S3
///     .with_name("ours")
///     .with_dialect(Dialect::S3.with_name("ours").with_max_rules(2))
///     .with_max_document_bytes(32 * 1024)
///     .with_request_id_header("x-ours-request-id")
///     .with_forms(&[
///         FormShape::XML.named("ours", "Ours, XML"),
///         FormShape::S3_MEMBERS.named("ours-json", "Ours, JSON"),
///     ]);
///
/// let rule = "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>";
/// let document = format!("<CORSConfiguration>{}</CORSConfiguration>", rule.repeat(3));
/// let errors = Document::parse(&OURS, document.as_bytes()).unwrap_err();
/// assert!(errors.to_string().ends_with("keep at most 2 rules"));
/// let names: Vec<_> = OURS.forms().filter_map(|form| form.name()).collect();
/// assert_eq!(names, ["ours", "ours-json"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Provider {
    /// The name on command lines and in data files, in lower case.
    pub name: &'static str,
    /// The semantics and limits of its rules. Rules may have an `ID` if
    /// [`max_id_characters`](cors_core::dialect::Limits::max_id_characters) is set, and only then.
    pub dialect: Dialect,
    /// The contents of its documents, and their shape in XML.
    pub documents: Documents,
    /// How it uses HTTP, where providers differ.
    pub wire: Wire,
    /// Its own form first.
    pub(crate) forms: &'static [FormShape],
}

/// The contents of a provider's documents, and their shape in XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Documents {
    /// Largest document in bytes, as the provider documents it. Checked before anything is parsed.
    pub max_bytes: usize,
    /// Largest total size of all values in bytes, without tags, if the provider limits it.
    pub max_text_bytes: Option<usize>,
    /// Whether a document without rules is accepted; it turns CORS off.
    pub may_be_empty: bool,
    /// The members that every rule must have in XML besides an origin and a method; a list may be
    /// empty, but not missing.
    pub required: &'static [Field],
    /// Whether the root may contain a `ResponseVary`; if so, it is always written.
    pub response_vary: bool,
    /// The default namespace on output. On input, namespaces are ignored.
    pub namespace: Option<&'static str>,
    /// The names of the elements.
    pub(crate) elements: ElementNames,
}

/// How a provider uses HTTP, where providers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wire {
    /// The response header with the ID of the request, in lower case.
    pub request_id_header: &'static str,
    /// The checksums of a body that are checked besides `Content-MD5`; others are ignored.
    pub checksums: &'static [Checksum],
    /// Whether the Origin of the request that starts a resumable upload decides the CORS headers of
    /// all its responses.
    pub resumable_upload_keeps_origin: bool,
    /// The provider's errors.
    pub(crate) errors: ErrorTable,
}

impl Provider {
    /// Every provider, OSS first.
    pub const ALL: [&'static Provider; 9] = [
        &Provider::OSS,
        &Provider::S3,
        &Provider::COS,
        &Provider::GCS,
        &Provider::AZURE,
        &Provider::R2,
        &Provider::B2,
        &Provider::OBS,
        &Provider::STRICT,
    ];

    /// Returns the provider with this name, as used on command lines and in data files.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_xml::Provider;
    ///
    /// assert_eq!(Provider::named("cos"), Some(&Provider::COS));
    /// assert_eq!(Provider::named("COS"), None);
    /// ```
    pub fn named(name: &str) -> Option<&'static Provider> {
        Provider::ALL
            .into_iter()
            .find(|provider| provider.name == name)
    }

    /// Sets the name. The dialect keeps its own.
    #[must_use]
    pub const fn with_name(mut self, name: &'static str) -> Provider {
        self.name = name;
        self
    }

    /// Sets the dialect.
    #[must_use]
    pub const fn with_dialect(mut self, dialect: Dialect) -> Provider {
        self.dialect = dialect;
        self
    }

    /// Sets the largest document in bytes.
    #[must_use]
    pub const fn with_max_document_bytes(mut self, bytes: usize) -> Provider {
        self.documents.max_bytes = bytes;
        self
    }

    /// Sets the largest total size of a document's values in bytes; `None` if only the whole
    /// document is limited.
    #[must_use]
    pub const fn with_max_text_bytes(mut self, bytes: Option<usize>) -> Provider {
        self.documents.max_text_bytes = bytes;
        self
    }

    /// Sets whether a document without rules is accepted.
    #[must_use]
    pub const fn with_empty_documents(mut self, are_accepted: bool) -> Provider {
        self.documents.may_be_empty = are_accepted;
        self
    }

    /// Sets the members that every rule of an XML document must have.
    #[must_use]
    pub const fn with_required(mut self, fields: &'static [Field]) -> Provider {
        self.documents.required = fields;
        self
    }

    /// Sets whether the root may contain a `ResponseVary`.
    #[must_use]
    pub const fn with_response_vary(mut self, is_accepted: bool) -> Provider {
        self.documents.response_vary = is_accepted;
        self
    }

    /// Sets the default namespace on output.
    #[must_use]
    pub const fn with_namespace(mut self, namespace: Option<&'static str>) -> Provider {
        self.documents.namespace = namespace;
        self
    }

    /// Sets the response header with the ID of the request, in lower case.
    #[must_use]
    pub const fn with_request_id_header(mut self, name: &'static str) -> Provider {
        self.wire.request_id_header = name;
        self
    }

    /// Sets the checksums of a body that are checked besides `Content-MD5`.
    #[must_use]
    pub const fn with_checksums(mut self, checksums: &'static [Checksum]) -> Provider {
        self.wire.checksums = checksums;
        self
    }

    /// Sets whether the Origin of the request that starts a resumable upload decides the CORS
    /// headers of all its responses.
    #[must_use]
    pub const fn with_resumable_upload_keeping_origin(mut self, keeps: bool) -> Provider {
        self.wire.resumable_upload_keeps_origin = keeps;
        self
    }

    /// Sets the forms, the provider's own first.
    #[must_use]
    pub const fn with_forms(mut self, forms: &'static [FormShape]) -> Provider {
        self.forms = forms;
        self
    }

    const fn with_errors(mut self, errors: ErrorTable) -> Provider {
        self.wire.errors = errors;
        self
    }

    const fn with_elements(mut self, elements: ElementNames) -> Provider {
        self.documents.elements = elements;
        self
    }
}

impl Documents {
    /// Returns the XML element name of a rule's value, such as `AllowedOrigin`; empty if the schema
    /// has no such element.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::Field;
    /// use cors_xml::Provider;
    ///
    /// assert_eq!(Provider::GCS.documents.element_name(Field::AllowedOrigin), "Origin");
    /// assert_eq!(Provider::GCS.documents.element_name(Field::AllowedHeader), "");
    /// ```
    pub fn element_name(&self, field: Field) -> &'static str {
        self.elements.of(field)
    }

    /// Returns whether a list is one element in XML, with its items joined by commas.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_xml::Provider;
    ///
    /// assert!(Provider::AZURE.documents.joins_lists());
    /// ```
    pub fn joins_lists(&self) -> bool {
        self.elements.lists == Lists::CommaSeparated
    }
}
