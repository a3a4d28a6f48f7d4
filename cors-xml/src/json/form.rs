//! The JSON forms in which owners keep their rules: whose they are, and how the members are called, as data.

use cors_core::dialect::HeaderWildcard;
use cors_core::{Dialect, Field};

use crate::provider::Provider;

/// A JSON form of bucket CORS rules.
///
/// # Examples
///
/// ```
/// use cors_xml::{Document, JsonForm};
///
/// let text = br#"[{"origin": ["https://a.example"], "method": ["GET"], "responseHeader": ["ETag"], "maxAgeSeconds": 60}]"#;
/// let document = Document::parse_json(&JsonForm::GCS, text)?;
/// assert_eq!(document.with_configuration(|configuration| configuration.rules[0].max_age_seconds), Some(60));
/// # Ok::<(), cors_xml::DocumentErrors>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonForm {
    /// The name on command lines, lower case.
    pub name: &'static str,
    /// Whose rules: limits and meaning.
    pub provider: Provider,
    /// The member of the outermost object that holds the rules.
    pub(crate) wrapper: &'static str,
    /// Whether the rules may stand alone, without the object.
    pub(crate) may_be_bare: bool,
    /// Whether they are written alone.
    pub(crate) writes_bare: bool,
    /// The members of a rule, in the order in which they are written.
    pub(crate) members: &'static [(&'static str, Member)],
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

impl JsonForm {
    /// Amazon S3, as the AWS CLI reads and writes it: `{"CORSRules": [{"AllowedOrigins": [..], ..}]}`, and as the
    /// console shows it: the array alone.
    /// [put-bucket-cors](https://docs.aws.amazon.com/cli/latest/reference/s3api/put-bucket-cors.html).
    pub const S3: JsonForm = JsonForm {
        name: "s3-json",
        provider: Provider::S3,
        wrapper: "CORSRules",
        may_be_bare: true,
        writes_bare: false,
        members: &[
            ("ID", Member::Value(Field::Id)),
            ("AllowedOrigins", Member::Value(Field::AllowedOrigin)),
            ("AllowedMethods", Member::Value(Field::AllowedMethod)),
            ("AllowedHeaders", Member::Value(Field::AllowedHeader)),
            ("ExposeHeaders", Member::Value(Field::ExposeHeader)),
            ("MaxAgeSeconds", Member::Value(Field::MaxAgeSeconds)),
        ],
        operations: &[],
        origins: &[],
        native: None,
    };

    /// Google Cloud Storage, the file of `gcloud storage buckets update --cors-file`, or the bucket's member `cors`:
    /// [buckets](https://cloud.google.com/storage/docs/json_api/v1/buckets).
    pub const GCS: JsonForm = JsonForm {
        name: "gcs-json",
        provider: Provider::GCS,
        wrapper: "cors",
        writes_bare: true,
        members: &[
            ("origin", Member::Value(Field::AllowedOrigin)),
            ("method", Member::Value(Field::AllowedMethod)),
            ("responseHeader", Member::Value(Field::ExposeHeader)),
            ("maxAgeSeconds", Member::Value(Field::MaxAgeSeconds)),
        ],
        ..JsonForm::S3
    };

    /// Cloudflare R2: `{"rules": [{"allowed": {"origins": [..], ..}, ..}]}`.
    /// [CORS](https://developers.cloudflare.com/r2/buckets/cors/). A max age of at most 86,400 is documented; that it decides and
    /// limits as S3 does otherwise is a choice.
    pub const R2: JsonForm = JsonForm {
        name: "r2",
        provider: Provider {
            dialect: Dialect::S3.with_name("r2").with_max_age_range(0, 86_400),
            may_be_empty: true,
            ..Provider::S3
        },
        wrapper: "rules",
        may_be_bare: false,
        members: &[
            ("id", Member::Value(Field::Id)),
            (
                "allowed",
                Member::Object(&[
                    ("origins", Field::AllowedOrigin),
                    ("methods", Field::AllowedMethod),
                    ("headers", Field::AllowedHeader),
                ]),
            ),
            ("exposeHeaders", Member::Value(Field::ExposeHeader)),
            ("maxAgeSeconds", Member::Value(Field::MaxAgeSeconds)),
        ],
        ..JsonForm::S3
    };

    /// Backblaze B2's own form: [CORS rules](https://www.backblaze.com/docs/cloud-storage-cross-origin-resource-sharing-rules).
    ///
    /// Documented: at most 100 rules; a name of 6 to 50 letters, digits and hyphens, its own for each rule and not beginning with
    /// `b2-`; a max age from 0 to 86,400 that must be given; less than 1000 bytes of strings a rule; a `*` last in a header
    /// name; a lone `*` with nothing beside it. An operation counts as the method that it uses, and is written as that of the S3
    /// API; the origin `https` is read as every origin of the scheme. That it decides as S3 does, and that the `*` of an origin
    /// also stands for a port, are choices.
    pub const B2: JsonForm = JsonForm {
        name: "b2",
        provider: Provider {
            dialect: Dialect::S3
                .with_name("b2")
                .with_max_id_characters(Some(50))
                .with_max_age_range(0, 86_400)
                .with_empty_origin(false)
                .with_header_wildcard(HeaderWildcard::Last),
            may_be_empty: true,
            required: &[Field::Id, Field::MaxAgeSeconds],
            ..Provider::S3
        },
        wrapper: "corsRules",
        writes_bare: true,
        members: &[
            ("corsRuleName", Member::Value(Field::Id)),
            ("allowedOrigins", Member::Value(Field::AllowedOrigin)),
            ("allowedOperations", Member::Value(Field::AllowedMethod)),
            ("allowedHeaders", Member::Value(Field::AllowedHeader)),
            ("exposeHeaders", Member::Value(Field::ExposeHeader)),
            ("maxAgeSeconds", Member::Value(Field::MaxAgeSeconds)),
        ],
        operations: &[
            ("s3_get", "GET"),
            ("s3_head", "HEAD"),
            ("s3_put", "PUT"),
            ("s3_post", "POST"),
            ("s3_delete", "DELETE"),
            ("b2_download_file_by_id", "GET"),
            ("b2_download_file_by_name", "GET"),
            ("b2_upload_file", "POST"),
            ("b2_upload_part", "POST"),
        ],
        origins: &[("https", "https://*")],
        native: Some(NativeLimits {
            max_rule_bytes: 999,
            min_name_characters: 6,
            reserved_prefix: "b2-",
        }),
        ..JsonForm::S3
    };

    /// Every form.
    pub const ALL: [&'static JsonForm; 4] =
        [&JsonForm::S3, &JsonForm::GCS, &JsonForm::R2, &JsonForm::B2];

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

    /// The same members for another provider's rules.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_xml::{JsonForm, Provider};
    ///
    /// const COS: JsonForm = JsonForm::S3.with_provider(Provider::COS);
    /// assert_eq!(COS.provider, Provider::COS);
    /// ```
    #[must_use]
    pub const fn with_provider(self, provider: Provider) -> JsonForm {
        JsonForm { provider, ..self }
    }

    /// The form in which owners of a dialect keep their rules; `None` where none is known.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::Dialect;
    /// use cors_xml::JsonForm;
    ///
    /// assert_eq!(JsonForm::of(&Dialect::GCS), Some(&JsonForm::GCS));
    /// assert_eq!(JsonForm::of(&Dialect::AZURE), None);
    /// ```
    pub fn of(dialect: &Dialect) -> Option<&'static JsonForm> {
        JsonForm::ALL
            .into_iter()
            .find(|form| form.provider.dialect.name == dialect.name)
    }
}
