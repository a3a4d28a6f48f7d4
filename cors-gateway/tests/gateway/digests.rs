//! Bodies checked against the digests in their headers and trailers.

use crate::client::{CHUNKED, Gateway, document};

#[test]
fn a_configuration_is_checked_against_every_digest_that_its_provider_supports() {
    // The digests of this document, computed with Python's hashlib and zlib.
    let body = document("https://a.example");
    let (md5, crc32) = (
        "Content-MD5: yXiDbj7tqOdsPvhVWdvrVQ==",
        "x-amz-checksum-crc32: C+1iUw==",
    );
    let sha256 = "x-amz-checksum-sha256: x1yjF3msAiXNwrO5LaMYtICCqr/yQt1N70jX7VmeXGU=";
    let wrong_sha256 = "x-amz-checksum-sha256: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let gateway = Gateway::anonymous("memory:", "s3");
    gateway.ask("PUT", "/photos", &[], b"");
    let several = "InvalidRequest</Code><Message>Expecting a single x-amz-checksum- header.";
    for (headers, said) in [
        (&[md5, crc32][..], ""),
        (&[md5, sha256], ""),
        (&[crc32, wrong_sha256], several),
        (&[crc32, sha256], several),
        (&[crc32, crc32], several),
        (&[md5, md5], "InvalidDigest"),
        (
            &["x-amz-checksum-crc32: AAAAAA=="],
            "BadDigest</Code><Message>The CRC32 you specified did not match",
        ),
        (
            &["x-amz-checksum-crc32c: x"],
            "InvalidRequest</Code><Message>Value for x-amz-checksum-crc32c header is invalid.",
        ),
    ] {
        gateway.ask("DELETE", "/photos?cors", &[], b"");
        let put = gateway.ask("PUT", "/photos?cors", headers, body.as_bytes());
        let stored = gateway.ask("GET", "/photos?cors", &[], b"").status;
        if said.is_empty() {
            assert_eq!(
                (put.status, stored),
                (200, 200),
                "{headers:?} {}",
                put.text()
            );
        } else {
            assert_eq!((put.status, stored), (400, 404), "{headers:?}");
            assert!(put.text().contains(said), "{headers:?} {}", put.text());
        }
        // An object is checked in the same way.
        let object = gateway.ask("PUT", "/photos/k", headers, body.as_bytes());
        assert_eq!(object.status, put.status, "{headers:?} {}", object.text());
        assert!(
            object.text().contains(said),
            "{headers:?} {}",
            object.text()
        );
    }
    // The checksum may follow the body, if it was announced.
    let chunked = [
        "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "x-amz-trailer: x-amz-checksum-crc32",
    ];
    for (trailer, headers, said) in [
        ("x-amz-checksum-crc32:C+1iUw==", &chunked[..], ""),
        ("x-amz-checksum-crc32:AAAAAA==", &chunked[..], "BadDigest"),
        ("", &chunked[..], "MalformedTrailerError"),
        (
            "x-amz-checksum-crc32:C+1iUw==",
            &chunked[..1],
            "MalformedTrailerError",
        ),
        (
            "x-amz-checksum-crc32:C+1iUw==",
            &[chunked[0], chunked[1], sha256][..],
            several,
        ),
    ] {
        let end = if trailer.is_empty() { "" } else { "\r\n" };
        let framed = format!("{:x}\r\n{body}\r\n0\r\n{trailer}{end}\r\n", body.len());
        for path in ["/photos?cors", "/photos/k"] {
            let put = gateway.ask("PUT", path, headers, framed.as_bytes());
            assert_eq!(
                put.status == 200,
                said.is_empty(),
                "{trailer} {}",
                put.text()
            );
            assert!(put.text().contains(said), "{trailer} {}", put.text());
        }
    }

    let gateway = Gateway::anonymous("memory:", "oss");
    gateway.ask("PUT", "/photos", &[], b"");
    // OSS does not support these headers, and ignores them.
    for path in ["/photos?cors", "/photos/k"] {
        let put = gateway.ask("PUT", path, &[wrong_sha256], body.as_bytes());
        assert_eq!(put.status, 200, "{}", put.text());
    }
    // Size is checked before the digest, even if it is known only after the body.
    let bad = "Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==";
    let large = format!("4001\r\n{}\r\n0\r\n\r\n", " ".repeat(0x4001));
    let put = gateway.ask("PUT", "/photos?cors", &[CHUNKED, bad], large.as_bytes());
    assert!(put.text().contains("EntityTooLarge"), "{}", put.text());
    assert!(put.text().contains("at most 16384 bytes"), "{}", put.text());
    let small = "4\r\n<a/>\r\n0\r\n\r\n";
    let put = gateway.ask("PUT", "/photos?cors", &[CHUNKED, bad], small.as_bytes());
    assert!(put.text().contains("InvalidDigest"), "{}", put.text());
}

#[test]
fn a_body_that_is_not_what_was_promised_is_not_stored() {
    let gateway = Gateway::anonymous("memory:", "s3");
    gateway.ask("PUT", "/photos", &[], b"");
    gateway.ask("PUT", "/photos/k", &[], b"old");
    // The checksums of the digits 1 to 9.
    for (name, good) in [
        ("Content-MD5", "JfnnlDI7RTiF9RgfG2JNCw=="),
        ("x-amz-checksum-crc32", "y/Q5Jg=="),
        ("x-amz-checksum-crc32c", "4waSgw=="),
        ("x-amz-checksum-crc64nvme", "rosUhgp5mIg="),
        ("x-amz-checksum-sha1", "98O8HYCOBHMq32eZZczDTKeuNEE="),
        (
            "x-amz-checksum-sha256",
            "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=",
        ),
    ] {
        let header = format!("{name}: {good}");
        let wrong = gateway.ask("PUT", "/photos/k", &[&header], b"123456780");
        assert_eq!(wrong.status, 400, "{name}");
        assert!(
            wrong.text().contains("<Code>BadDigest</Code>"),
            "{}",
            wrong.text()
        );
        assert_eq!(
            gateway.ask("GET", "/photos/k", &[], b"").text(),
            "old",
            "{name}"
        );
        let right = gateway.ask("PUT", "/photos/k2", &[&header], b"123456789");
        assert_eq!(right.status, 200, "{name}: {}", right.text());
    }
    let chunked = [
        "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "Content-Encoding: aws-chunked",
        "x-amz-trailer: x-amz-checksum-crc32",
        "x-amz-decoded-content-length: 9",
    ];
    for (body, status) in [
        (
            &b"4\r\n1234\r\n5\r\n56789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n"[..],
            200,
        ),
        (
            b"9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jh==\r\n\r\n",
            400,
        ),
        (b"9\r\n123456789\r\n0\r\n\r\n", 400),
        (
            b"8\r\n12345678\r\n0\r\nx-amz-checksum-crc32:mgYRmQ==\r\n\r\n",
            400,
        ),
        (
            b"9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\nmore",
            400,
        ),
        (b"9\r\n123456789", 400),
        (b"9\r\n1234567890\r\n0\r\n\r\n", 400),
        (b"zz\r\n", 400),
        (b"fffffffffffffffff\r\n", 400),
    ] {
        gateway.ask("PUT", "/photos/k", &[], b"old");
        let answer = gateway.ask("PUT", "/photos/k", &chunked, body);
        assert_eq!(
            answer.status,
            status,
            "{} {}",
            body.escape_ascii(),
            answer.text()
        );
        let stored = gateway.ask("GET", "/photos/k", &[], b"");
        assert_eq!(
            stored.text(),
            if status == 200 { "123456789" } else { "old" }
        );
        assert_eq!(stored.header("content-encoding"), None);
    }
    assert_eq!(
        gateway
            .ask("PUT", "/_cors/k", &["Host: photos.localhost"], b"x")
            .status,
        200
    );
    assert_eq!(gateway.ask("GET", "/photos/_cors/k", &[], b"").text(), "x");
}
