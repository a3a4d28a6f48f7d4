//! In which form a document is: a provider's XML, or one of the JSON forms.

use clap::ValueEnum;
use cors_core::{Configuration, Dialect};
use cors_xml::{JsonForm, Provider};

use crate::Fatal;

/// A form of documents.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    Xml(&'static Provider),
    Json(&'static JsonForm),
}

/// The names of the forms on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FormName {
    /// OSS, XML
    Oss,
    /// S3, XML
    S3,
    /// S3, JSON of the AWS CLI and console
    S3Json,
    /// COS, XML
    Cos,
    /// Google Cloud Storage, XML
    Gcs,
    /// Google Cloud Storage, JSON of gcloud and gsutil
    GcsJson,
    /// Azure Storage, XML
    Azure,
    /// Cloudflare R2, JSON
    R2,
    /// Backblaze B2, JSON
    B2,
}

/// STRICT has no document of its own: S3's shape and errors, its own methods and limits.
const STRICT: Provider = Provider {
    dialect: Dialect::STRICT,
    ..Provider::S3
};

/// Azure's rules in the members of S3, which is nobody's form: what is missing is an empty list.
const AZURE_LISTS: Provider = Provider {
    required: &[],
    ..Provider::AZURE
};

/// The S3 API of B2: names and max ages may be missing there.
const B2_S3: Provider = Provider {
    required: &[],
    ..JsonForm::B2.provider
};

/// Providers without a JSON form of their own, or with S3's beside it: their rules in the members of S3.
const IN_THE_MEMBERS_OF_S3: [JsonForm; 6] = [
    JsonForm::S3.with_provider(Provider::OSS),
    JsonForm::S3.with_provider(Provider::COS),
    JsonForm::S3.with_provider(AZURE_LISTS),
    JsonForm::S3.with_provider(JsonForm::R2.provider),
    JsonForm::S3.with_provider(B2_S3),
    JsonForm::S3.with_provider(STRICT),
];

impl FormName {
    pub(crate) fn form(self) -> Form {
        match self {
            FormName::Oss => Form::Xml(&Provider::OSS),
            FormName::S3 => Form::Xml(&Provider::S3),
            FormName::S3Json => Form::Json(&JsonForm::S3),
            FormName::Cos => Form::Xml(&Provider::COS),
            FormName::Gcs => Form::Xml(&Provider::GCS),
            FormName::GcsJson => Form::Json(&JsonForm::GCS),
            FormName::Azure => Form::Xml(&Provider::AZURE),
            FormName::R2 => Form::Json(&JsonForm::R2),
            FormName::B2 => Form::Json(&JsonForm::B2),
        }
    }
}

impl Form {
    /// In which form a document of a dialect is: JSON if it begins like that, else the provider's XML.
    pub(crate) fn of_text(dialect: &Dialect, bytes: &[u8]) -> Form {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let is_json = matches!(text.trim_ascii_start().first(), Some(b'{' | b'['));
        let own = JsonForm::of(dialect);
        if !is_json {
            // R2 and B2 have no XML but that of S3's API, within their own limits.
            return Form::Xml(match own {
                _ if *dialect == STRICT.dialect => &STRICT,
                _ if *dialect == B2_S3.dialect => &B2_S3,
                Some(form) => &form.provider,
                None => Provider::of(dialect),
            });
        }
        // No other form begins its members with capitals.
        let has_members_of_s3 = own.is_none() || contains(text, b"\"AllowedOrigins\"");
        let forms = &IN_THE_MEMBERS_OF_S3;
        let in_members_of_s3 = forms
            .iter()
            .find(|form| has_members_of_s3 && form.provider.dialect == *dialect);
        Form::Json(in_members_of_s3.or(own).unwrap_or(&JsonForm::S3))
    }

    /// Whose rules: limits, elements, errors.
    pub(crate) fn provider(self) -> &'static Provider {
        match self {
            Form::Xml(provider) => provider,
            Form::Json(form) => &form.provider,
        }
    }

    /// Writes a configuration in this form, with a line break at its end.
    pub(crate) fn write(self, configuration: &Configuration<'_>) -> Result<String, Fatal> {
        let mut text = String::new();
        let rules = configuration.rules.iter().copied();
        let written = match self {
            Form::Xml(provider) => {
                provider.write_configuration(rules, configuration.response_vary, &mut text)
            }
            Form::Json(form) => form.write_configuration(rules, &mut text),
        };
        written.map_err(|error| Fatal(error.to_string()))?;
        if !text.ends_with('\n') {
            text.push('\n');
        }
        Ok(text)
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
