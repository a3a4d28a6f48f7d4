//! In which form a document is: a vendor's XML, or one of the JSON forms.

use clap::ValueEnum;
use cors_core::{Configuration, Dialect};
use cors_xml::{JsonForm, Vendor};

use crate::Stopped;

/// A form of documents.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    Xml(&'static Vendor),
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
const STRICT: Vendor = Vendor {
    dialect: Dialect::STRICT,
    ..Vendor::S3
};

/// Vendors without a JSON form of their own: their rules in the members of S3.
const IN_THE_MEMBERS_OF_S3: [JsonForm; 4] = [
    JsonForm::S3.with_vendor(Vendor::OSS),
    JsonForm::S3.with_vendor(Vendor::COS),
    JsonForm::S3.with_vendor(Vendor::AZURE),
    JsonForm::S3.with_vendor(STRICT),
];

impl FormName {
    pub(crate) fn form(self) -> Form {
        match self {
            FormName::Oss => Form::Xml(&Vendor::OSS),
            FormName::S3 => Form::Xml(&Vendor::S3),
            FormName::S3Json => Form::Json(&JsonForm::S3),
            FormName::Cos => Form::Xml(&Vendor::COS),
            FormName::Gcs => Form::Xml(&Vendor::GCS),
            FormName::GcsJson => Form::Json(&JsonForm::GCS),
            FormName::Azure => Form::Xml(&Vendor::AZURE),
            FormName::R2 => Form::Json(&JsonForm::R2),
            FormName::B2 => Form::Json(&JsonForm::B2),
        }
    }
}

impl Form {
    /// In which form a document of a dialect is: JSON if it begins like that, else the vendor's XML.
    pub(crate) fn of_text(dialect: &Dialect, bytes: &[u8]) -> Form {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if matches!(text.trim_ascii_start().first(), Some(b'{' | b'[')) {
            let own = JsonForm::of(dialect);
            let in_members_of_s3 = || {
                let forms = &IN_THE_MEMBERS_OF_S3;
                forms.iter().find(|form| form.vendor.dialect == *dialect)
            };
            Form::Json(own.or_else(in_members_of_s3).unwrap_or(&JsonForm::S3))
        } else if *dialect == STRICT.dialect {
            Form::Xml(&STRICT)
        } else {
            Form::Xml(Vendor::of(dialect))
        }
    }

    /// Whose rules: limits, elements, errors.
    pub(crate) fn vendor(self) -> &'static Vendor {
        match self {
            Form::Xml(vendor) => vendor,
            Form::Json(form) => &form.vendor,
        }
    }

    /// Writes a configuration in this form, with a line break at its end.
    pub(crate) fn write(self, configuration: &Configuration<'_>) -> Result<String, Stopped> {
        let mut text = String::new();
        let rules = configuration.rules.iter().copied();
        let written = match self {
            Form::Xml(vendor) => {
                vendor.write_configuration(rules, configuration.response_vary, &mut text)
            }
            Form::Json(form) => form.write_configuration(rules, &mut text),
        };
        written.map_err(|error| Stopped(error.to_string()))?;
        if !text.ends_with('\n') {
            text.push('\n');
        }
        Ok(text)
    }
}
