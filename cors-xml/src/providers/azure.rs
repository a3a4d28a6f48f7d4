//! Azure Storage.

use cors_core::{Dialect, Field};

use super::{Provider, s3};
use crate::shapes::{Element, ElementNames, FormShape, ListNotation, Lists, Member, MemberShape};

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
            FormShape::json(JSON).named("azure-json", "Azure Storage, JSON of ARM templates"),
            FormShape::json(CLI).named("azure-cli", "Azure Storage, JSON of az storage cors list"),
            FormShape::terraform(TERRAFORM, "")
                .named("azure-terraform", "Azure Storage, Terraform"),
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

/// `cors` of the properties of
/// [Microsoft.Storage/storageAccounts/blobServices](https://learn.microsoft.com/en-us/azure/templates/microsoft.storage/storageaccounts/blobservices),
/// which requires every member.
const JSON: MemberShape = MemberShape {
    wrapper: "corsRules",
    within: &["cors"],
    may_be_bare: true,
    members: &[
        ("allowedOrigins", Member::Value(Field::AllowedOrigin)),
        ("allowedMethods", Member::Value(Field::AllowedMethod)),
        ("allowedHeaders", Member::Value(Field::AllowedHeader)),
        ("exposedHeaders", Member::Value(Field::ExposeHeader)),
        ("maxAgeInSeconds", Member::Value(Field::MaxAgeSeconds)),
    ],
    required: &[
        Field::AllowedHeader,
        Field::ExposeHeader,
        Field::MaxAgeSeconds,
    ],
    ..s3::JSON
};

/// What [az storage cors list](https://learn.microsoft.com/en-us/cli/azure/storage/cors) prints,
/// which also has the names of S3.
const CLI: MemberShape = MemberShape {
    wrapper: "Cors",
    other_wrappers: &["CORSRules"],
    within: &[],
    members: &[
        ("AllowedOrigins", Member::Value(Field::AllowedOrigin)),
        ("AllowedMethods", Member::Value(Field::AllowedMethod)),
        ("AllowedHeaders", Member::Value(Field::AllowedHeader)),
        ("ExposedHeaders", Member::Value(Field::ExposeHeader)),
        ("MaxAgeInSeconds", Member::Value(Field::MaxAgeSeconds)),
        ("Service", Member::Target),
    ],
    other_names: &[
        ("ExposeHeaders", Field::ExposeHeader),
        ("MaxAgeSeconds", Field::MaxAgeSeconds),
    ],
    lists: ListNotation::CommaSeparated,
    writes_bare: true,
    null_is_unset: true,
    ..s3::JSON
};

/// `cors_rule` in `blob_properties` of
/// [azurerm_storage_account](https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/storage_account).
const TERRAFORM: MemberShape = MemberShape {
    within: &["blob_properties"],
    members: &[
        ("allowed_origins", Member::Value(Field::AllowedOrigin)),
        ("allowed_methods", Member::Value(Field::AllowedMethod)),
        ("allowed_headers", Member::Value(Field::AllowedHeader)),
        ("exposed_headers", Member::Value(Field::ExposeHeader)),
        ("max_age_in_seconds", Member::Value(Field::MaxAgeSeconds)),
    ],
    required: JSON.required,
    ..s3::TERRAFORM
};
