//! The order of the checks of a PUT, and the digests of each provider.

#![cfg(feature = "digest")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cors_core::{CompileError, CompileErrorKind};
use cors_xml::{BodyDigests, Checksum, Provider, PutError, put_bucket_cors};

const BODY: &[u8] = b"<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>";

fn code(provider: &Provider, body: &[u8], digests: &BodyDigests<'_>) -> (u16, &'static str) {
    let error = put_bucket_cors(provider, body, digests).unwrap_err();
    let wire = error.to_wire_error(provider);
    (wire.status, wire.code)
}

fn md5(value: &[u8]) -> BodyDigests<'_> {
    BodyDigests {
        content_md5: Some(value),
        checksums: &[],
    }
}

/// Made by Python's hashlib and zlib, and by bitwise CRCs that give the catalogue's check values.
const MD5: &[u8] = b"8alqrbXMPQqTnk2/Sr7qJw==";
const CHECKSUMS: [(Checksum, &[u8]); 5] = [
    (Checksum::Crc32, b"7Zz8mA=="),
    (Checksum::Crc32c, b"7Vv3zQ=="),
    (Checksum::Crc64Nvme, b"6atMqmcgdFw="),
    (Checksum::Sha1, b"ykrNBhGZUh+ID/iMdULNpigXAwk="),
    (
        Checksum::Sha256,
        b"kx5nEL//97SZx+gPZlo27R9YLx/91wzOzpPz+sxI4WI=",
    ),
];

#[test]
fn a_body_with_right_digests_is_accepted() {
    for provider in [&Provider::OSS, &Provider::S3, &Provider::COS] {
        for checksum in CHECKSUMS {
            let digests = BodyDigests {
                content_md5: Some(MD5),
                checksums: &[checksum],
            };
            let accepted = put_bucket_cors(provider, BODY, &digests).unwrap();
            assert_eq!(accepted.image.as_policy().len(), 1);
        }
    }
}

#[test]
fn a_second_checksum_is_refused_by_s3_whether_it_is_right_or_not() {
    let (right, empty) = (CHECKSUMS[0], (Checksum::Sha256, &b""[..]));
    for checksums in [[right, CHECKSUMS[4]], [right, empty], [right, right]] {
        let digests = BodyDigests {
            content_md5: None,
            checksums: &checksums,
        };
        let error = put_bucket_cors(&Provider::S3, BODY, &digests).unwrap_err();
        assert_eq!(error, PutError::SeveralChecksums);
        assert_eq!(code(&Provider::S3, BODY, &digests), (400, "InvalidRequest"));
        assert!(put_bucket_cors(&Provider::OSS, BODY, &digests).is_ok());
    }
}

#[test]
fn a_checksum_that_is_none_is_told_from_one_of_another_body() {
    for (checksum, _) in CHECKSUMS {
        for undecodable in [&b"not base64"[..], b"AAAA", b""] {
            let digests = BodyDigests {
                content_md5: None,
                checksums: &[(checksum, undecodable)],
            };
            let error = put_bucket_cors(&Provider::S3, BODY, &digests).unwrap_err();
            assert_eq!(error, PutError::UndecodableChecksum(checksum));
            assert_eq!(code(&Provider::S3, BODY, &digests), (400, "InvalidRequest"));
        }
    }
}

#[test]
fn a_wrong_or_undecodable_digest_has_the_providers_code() {
    let other = b"AAAAAAAAAAAAAAAAAAAAAA==";
    for undecodable in [&b"not base64"[..], b"AAAA", b""] {
        assert_eq!(
            code(&Provider::OSS, BODY, &md5(undecodable)),
            (400, "InvalidDigest")
        );
        assert_eq!(
            code(&Provider::S3, BODY, &md5(undecodable)),
            (400, "InvalidDigest")
        );
    }
    assert_eq!(
        code(&Provider::OSS, BODY, &md5(other)),
        (400, "InvalidDigest")
    );
    assert_eq!(code(&Provider::S3, BODY, &md5(other)), (400, "BadDigest"));
}

#[test]
fn each_wrong_checksum_is_refused_by_s3_and_not_read_by_oss_and_cos() {
    let of_other_bodies = [
        &b"AAAAAA=="[..],
        b"AAAAAA==",
        b"AAAAAAAAAAA=",
        b"AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    ];
    for ((checksum, _), other) in CHECKSUMS.into_iter().zip(of_other_bodies) {
        let digests = BodyDigests {
            content_md5: None,
            checksums: &[(checksum, other)],
        };
        let error = put_bucket_cors(&Provider::S3, BODY, &digests).unwrap_err();
        assert_eq!(error, PutError::ChecksumMismatch(checksum));
        assert_eq!(code(&Provider::S3, BODY, &digests), (400, "BadDigest"));
        assert!(put_bucket_cors(&Provider::OSS, BODY, &digests).is_ok());
        assert!(put_bucket_cors(&Provider::COS, BODY, &digests).is_ok());
    }
}

#[test]
fn size_comes_before_digest_and_digest_before_document() {
    let wrong = md5(b"not base64");
    let large = vec![b' '; Provider::OSS.documents.max_bytes + 1];
    assert_eq!(
        code(&Provider::OSS, &large, &wrong),
        (400, "EntityTooLarge")
    );
    assert_eq!(code(&Provider::OSS, b"<a>", &wrong), (400, "InvalidDigest"));
    assert_eq!(
        code(&Provider::OSS, b"<a>", &BodyDigests::default()),
        (400, "MalformedXML")
    );
}

#[test]
fn each_refusal_of_a_put_says_what_to_do() {
    let shown = |error: PutError| error.to_string();
    assert_eq!(
        shown(PutError::UndecodableDigest),
        "send the base64 of 16 bytes in Content-MD5"
    );
    assert_eq!(
        shown(PutError::DigestMismatch),
        "the body is not the one that Content-MD5 was made of"
    );
    let names = [
        "x-amz-checksum-crc32",
        "x-amz-checksum-crc32c",
        "x-amz-checksum-crc64nvme",
        "x-amz-checksum-sha1",
        "x-amz-checksum-sha256",
    ];
    for ((checksum, _), name) in CHECKSUMS.into_iter().zip(names) {
        assert_eq!(
            shown(PutError::ChecksumMismatch(checksum)),
            format!("the body is not the one that {name} was made of")
        );
    }
    assert_eq!(
        shown(PutError::SeveralChecksums),
        "send one x-amz-checksum- header"
    );
    assert_eq!(
        shown(PutError::UndecodableChecksum(Checksum::Crc32c)),
        "send the base64 of a CRC32C in x-amz-checksum-crc32c"
    );
    assert!(
        shown(PutError::too_large(&Provider::OSS))
            .ends_with("shorten the document to at most 16384 bytes")
    );
    let document = put_bucket_cors(&Provider::S3, b"", &BodyDigests::default()).unwrap_err();
    assert!(matches!(&document, PutError::Document(_)));
    assert!(document.to_string().ends_with("send a CORS configuration"));
    let image = CompileError {
        kind: CompileErrorKind::TooManyPatterns,
        rule: None,
        field: None,
        item: None,
    };
    assert_eq!(shown(PutError::Image(image)), image.to_string());
    assert_eq!(
        PutError::Image(image).to_wire_error(&Provider::S3).status,
        500
    );
}
