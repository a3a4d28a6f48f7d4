//! What is not implemented is refused, and nothing is changed: query names, headers, conditions,
//! versions.

use crate::client::{Answer, Gateway, PREFLIGHT, document};

/// A gateway with a bucket, its rules and an object.
fn gateway(dialect: &str) -> Gateway {
    let gateway = Gateway::anonymous("memory:", dialect);
    gateway.ask("PUT", "/photos", &[], b"");
    let rules = document("https://a.example");
    gateway.ask("PUT", "/photos?cors", &[], rules.as_bytes());
    assert_eq!(gateway.ask("PUT", "/photos/k", &[], b"old").status, 200);
    gateway
}

fn is_unchanged(gateway: &Gateway, what: &str) {
    let stored = gateway.ask("GET", "/photos/k", &[], b"");
    assert_eq!((stored.status, stored.text()), (200, "old"), "{what}");
    let preflight = gateway.ask("OPTIONS", "/photos/k", &PREFLIGHT, b"");
    assert_eq!(preflight.status, 200, "{what}");
}

fn is_not_implemented(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 501, "{what}: {}", answer.text());
    assert!(answer.text().contains("<Code>NotImplemented</Code>"));
}

#[test]
fn a_query_name_that_the_operation_does_not_use_is_not_implemented() {
    for dialect in ["s3", "oss"] {
        let gateway = gateway(dialect);
        for (method, path) in [
            ("PUT", "/photos/k?retention"),
            ("PUT", "/photos/k?legal-hold"),
            ("PUT", "/photos/k?renameObject"),
            ("PUT", "/photos/k?live"),
            ("PUT", "/photos/k?cors"),
            ("PUT", "/photos/k?uploadId=x"),
            ("PUT", "/photos/k?x-amz-tagging=a"),
            ("PUT", "/photos?intelligent-tiering&id=1"),
            ("PUT", "/photos?CORS"),
            ("PUT", "/other?objectWorm"),
            ("PUT", "/photos?cors&acl"),
            ("POST", "/photos?delete&comp=delete"),
            ("POST", "/photos/k?uploads&sequential"),
            ("POST", "/photos/k?append&position=0"),
            ("DELETE", "/photos/k?annotation"),
            ("DELETE", "/photos/k?tagging"),
            ("DELETE", "/photos/k?anything"),
            ("DELETE", "/photos?CORS"),
            ("DELETE", "/photos?intelligent-tiering&id=1"),
            ("DELETE", "/photos?worm"),
            ("GET", "/photos?policyStatus"),
            ("GET", "/photos?CORS"),
            ("GET", "/photos?stat"),
            ("GET", "/photos?session"),
            ("GET", "/?regions"),
            ("GET", "/photos/k?acl"),
            ("GET", "/photos/k?ACL"),
            ("GET", "/photos/k?partNumber=1"),
            ("GET", "/photos/k?X-Amz-Expected-Bucket-Owner=1"),
            ("HEAD", "/photos?acl"),
        ] {
            let what = format!("{dialect}: {method} {path}");
            let answer = gateway.ask(method, path, &[], b"<x/>");
            if method == "HEAD" {
                assert_eq!(answer.status, 501, "{what}");
            } else {
                is_not_implemented(&answer, &what);
            }
            is_unchanged(&gateway, &what);
        }
        assert_eq!(gateway.ask("GET", "/other", &[], b"").status, 404);
        for (method, path) in [
            ("PUT", "/photos/k?x-id=PutObject"),
            (
                "PUT",
                "/photos/k?x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-sdk-checksum-algorithm=CRC32",
            ),
            ("GET", "/photos/k?v=1"),
            ("GET", "/photos/k?x-amz-checksum-mode=ENABLED"),
            ("GET", "/photos?x-id=ListObjects"),
        ] {
            assert_eq!(gateway.ask(method, path, &[], b"old").status, 200, "{path}");
        }
    }
    let oss = gateway("oss");
    for path in [
        "/photos/k?x-oss-process=image/resize,w_1",
        "/photos/k?x-oss-ac-source-ip=1.2.3.4",
        "/photos/k?symlink",
    ] {
        is_not_implemented(&oss.ask("GET", path, &[], b""), path);
    }
}

#[test]
fn a_header_that_the_gateway_does_not_honour_is_not_implemented() {
    for (dialect, header) in [
        ("s3", "x-amz-copy-source: /photos/k"),
        ("oss", "x-oss-copy-source: /photos/k"),
        ("oss", "x-amz-copy-source: /photos/k"),
        ("s3", "x-amz-acl: public-read"),
        ("oss", "x-oss-object-acl: public-read"),
        ("s3", "x-amz-grant-read: id=1"),
        ("s3", "x-amz-server-side-encryption: AES256"),
        ("s3", "x-amz-server-side-encryption-customer-key: a2V5"),
        ("oss", "x-oss-server-side-encryption: KMS"),
        ("s3", "x-amz-object-lock-mode: COMPLIANCE"),
        ("s3", "x-amz-tagging: a=b"),
        ("s3", "x-amz-expected-bucket-owner: 1"),
        ("s3", "x-amz-write-offset-bytes: 3"),
        ("s3", "x-amz-storage-class: GLACIER"),
        ("s3", "x-amz-checksum-sha512: a2V5"),
        ("s3", "x-amz-something-new: 1"),
        ("oss", "x-oss-callback: e30="),
        ("oss", "x-oss-object-worm-mode: COMPLIANCE"),
        ("oss", "x-oss-forbid-overwrite: perhaps"),
        ("s3", "If-Match: \"0\""),
        ("s3", "If-None-Match: \"0\""),
        ("oss", "If-None-Match: *"),
        ("s3", "If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT"),
        ("s3", "Content-Range: bytes 0-2/3"),
    ] {
        let gateway = gateway(dialect);
        let begun = gateway.ask("POST", "/photos/k?uploads", &[], b"");
        let id = begun.text().split_once("<UploadId>").unwrap().1;
        let part = format!(
            "/photos/k?partNumber=1&uploadId={}",
            id.split_once('<').unwrap().0
        );
        for path in ["/photos/k", &part] {
            let what = format!("{dialect}: {header} on {path}");
            is_not_implemented(&gateway.ask("PUT", path, &[header], b"new"), &what);
            is_unchanged(&gateway, &what);
        }
    }
    let s3 = gateway("s3");
    for (method, path, header) in [
        ("DELETE", "/photos/k", "If-Match: \"0\""),
        ("DELETE", "/photos/k", "x-amz-if-match-size: 1"),
        (
            "DELETE",
            "/photos/k",
            "x-amz-bypass-governance-retention: true",
        ),
        ("DELETE", "/photos", "x-amz-expected-bucket-owner: 1"),
        ("PUT", "/other", "x-amz-bucket-object-lock-enabled: true"),
        ("PUT", "/other", "x-amz-acl: public-read"),
        ("PUT", "/photos?cors", "x-amz-expected-bucket-owner: 1"),
        (
            "GET",
            "/photos/k",
            "x-amz-server-side-encryption-customer-key: a2V5",
        ),
    ] {
        is_not_implemented(&s3.ask(method, path, &[header], b""), header);
        is_unchanged(&s3, header);
    }
    assert_eq!(s3.ask("GET", "/other", &[], b"").status, 404);
    for header in [
        "x-amz-acl: private",
        "x-amz-storage-class: STANDARD",
        "x-amz-meta-a: b",
        "x-amz-date: 20261124T063545Z",
        "x-amz-bucket-object-lock-enabled: false",
        "x-other-thing: 1",
    ] {
        assert_eq!(
            s3.ask("PUT", "/photos/k", &[header], b"old").status,
            200,
            "{header}"
        );
    }
}

#[test]
fn an_object_is_created_only_where_there_is_none() {
    for (dialect, condition, status, code) in [
        ("s3", "If-None-Match: *", 412, "PreconditionFailed"),
        (
            "oss",
            "x-oss-forbid-overwrite: true",
            409,
            "FileAlreadyExists",
        ),
    ] {
        let gateway = gateway(dialect);
        let large = vec![1u8; 9 << 20];
        for body in [&b"new"[..], &large] {
            let refused = gateway.ask("PUT", "/photos/k", &[condition], body);
            assert_eq!(refused.status, status, "{}", refused.text());
            assert!(refused.text().contains(code), "{}", refused.text());
            is_unchanged(&gateway, condition);
            let made = gateway.ask("PUT", "/photos/new", &[condition], body);
            assert_eq!(made.status, 200, "{}", made.text());
            assert!(gateway.ask("GET", "/photos/new", &[], b"").body == body);
            gateway.ask("DELETE", "/photos/new", &[], b"");
        }
        let complete = |key: &str, begin: &[&str], end: &[&str]| {
            let begun = gateway.ask("POST", &format!("/photos/{key}?uploads"), begin, b"");
            let Some((_, id)) = begun.text().split_once("<UploadId>") else {
                return begun;
            };
            let at = format!("/photos/{key}?uploadId={}", id.split_once('<').unwrap().0);
            let part = gateway.ask("PUT", &format!("{at}&partNumber=1"), &[], &large);
            let tag = part.header("etag").unwrap();
            let list = format!(
                "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{tag}</ETag></Part></CompleteMultipartUpload>"
            );
            gateway.ask("POST", &at, end, list.as_bytes())
        };
        let refused = complete("k", &[], &[condition]);
        assert_eq!(refused.status, status, "{}", refused.text());
        is_unchanged(&gateway, condition);
        assert_eq!(complete("new", &[], &[condition]).status, 200);
        assert!(gateway.ask("GET", "/photos/new", &[], b"").body == large);
        if dialect == "oss" {
            assert_eq!(complete("k", &[condition], &[]).status, status);
            is_unchanged(&gateway, condition);
        }
    }
}

#[test]
fn of_versions_there_is_only_the_one_called_null() {
    let gateway = gateway("s3");
    for method in ["GET", "DELETE"] {
        let answer = gateway.ask(method, "/photos/k?versionId=nope", &[], b"");
        assert_eq!(answer.status, 404, "{method} {}", answer.text());
        assert!(answer.text().contains("<Code>NoSuchVersion</Code>"));
        is_unchanged(&gateway, method);
    }
    assert_eq!(
        gateway
            .ask("PUT", "/photos/k?versionId=null", &[], b"new")
            .status,
        501
    );
    let delete = |entry: &str| {
        let document = format!("<Delete><Object><Key>k</Key>{entry}</Object></Delete>");
        gateway.ask("POST", "/photos?delete", &[], document.as_bytes())
    };
    let refused = delete("<VersionId>nope</VersionId>");
    assert!(
        refused
            .text()
            .contains("<Error><Key>k</Key><VersionId>nope</VersionId><Code>NoSuchVersion</Code>"),
        "{}",
        refused.text()
    );
    is_unchanged(&gateway, "DeleteObjects, VersionId");
    for condition in [
        "<ETag>\"0\"</ETag>",
        "<Size>3</Size>",
        "<LastModifiedTime>x</LastModifiedTime>",
        "<New/>",
    ] {
        is_not_implemented(&delete(condition), condition);
        is_unchanged(&gateway, condition);
    }
    assert_eq!(
        gateway
            .ask("GET", "/photos/k?versionId=null", &[], b"")
            .text(),
        "old"
    );
    assert!(
        delete("<VersionId>null</VersionId>")
            .text()
            .contains("<Deleted><Key>k</Key>")
    );
    assert_eq!(gateway.ask("GET", "/photos/k", &[], b"").status, 404);
    gateway.ask("PUT", "/photos/k", &[], b"old");
    assert_eq!(
        gateway
            .ask("DELETE", "/photos/k?versionId=null", &[], b"")
            .status,
        204
    );
}
