//! Azure Storage.

use cors_core::{Dialect, Field};

use super::Provider;
use crate::shapes::{Element, ElementNames, FormShape, Lists};

impl Provider {
    /// Azure Storage: the `Cors` element of the service properties.
    /// [Set Blob Service Properties](https://learn.microsoft.com/en-us/rest/api/storageservices/set-blob-service-properties).
    ///
    /// `Cors` may be the root, or an element of `StorageServiceProperties`, where every other
    /// setting is skipped (choice; the provider knows a few by name). Only `Cors` is written. The
    /// provider requires all five elements in every rule and limits the values to 2 KiB
    /// (documented). That tags may use the rest of S3's limit, and that the errors are S3's, are
    /// choices. In JSON with S3's member names, which Azure itself does not read, a missing list is
    /// empty (choice).
    pub const AZURE: Provider = Provider::S3
        .with_name("azure")
        .with_dialect(Dialect::AZURE)
        .with_max_text_bytes(Some(2 * 1024))
        .with_empty_documents(true)
        .with_required(&[
            Field::AllowedHeader,
            Field::ExposeHeader,
            Field::MaxAgeSeconds,
        ])
        .with_elements(CORS)
        .with_namespace(None)
        .with_request_id_header("x-ms-request-id")
        .with_forms(&[
            FormShape::XML.named("azure", "Azure Storage, XML"),
            FormShape::S3_MEMBERS,
        ]);
}

/// `Cors`, `CorsRule`, `AllowedOrigins`, alone or in `StorageServiceProperties`.
const CORS: ElementNames = ElementNames {
    names: &[
        ("StorageServiceProperties", Element::Settings),
        ("Cors", Element::Configuration),
        ("CorsRule", Element::Rule),
        ("AllowedOrigins", Element::Member(Field::AllowedOrigin)),
        ("AllowedMethods", Element::Member(Field::AllowedMethod)),
        ("AllowedHeaders", Element::Member(Field::AllowedHeader)),
        ("ExposedHeaders", Element::Member(Field::ExposeHeader)),
        ("MaxAgeInSeconds", Element::Member(Field::MaxAgeSeconds)),
    ],
    lists: Lists::CommaSeparated,
};
