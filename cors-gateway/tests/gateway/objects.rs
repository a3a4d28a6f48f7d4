//! Objects: bytes, metadata, ranges, lists.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::client::{Folder, Gateway};

#[test]
fn an_object_keeps_its_bytes_type_and_metadata_and_has_ranges() {
    let folder = Folder::new();
    for store in ["memory:", folder.as_str()] {
        let gateway = Gateway::anonymous(store, "s3");
        gateway.ask("PUT", "/photos", &[], b"");
        let headers = ["Content-Type: image/x", "x-amz-meta-colour: red"];
        let put = gateway.ask("PUT", "/photos/a/b%20c", &headers, b"0123456789");
        assert_eq!(
            put.header("etag"),
            Some("\"781e5e245d69b566979b86e28d23f2c7\"")
        );
        let got = gateway.ask("GET", "/photos/a/b%20c", &[], b"");
        assert_eq!((got.status, got.text()), (200, "0123456789"));
        assert_eq!(got.header("content-type"), Some("image/x"));
        assert_eq!(got.header("x-amz-meta-colour"), Some("red"));
        let head = gateway.ask("HEAD", "/photos/a/b%20c", &[], b"");
        assert_eq!(
            (head.header("content-length"), head.body.len()),
            (Some("10"), 0)
        );
        let part = gateway.ask("GET", "/photos/a/b%20c", &["Range: bytes=2-4"], b"");
        assert_eq!((part.status, part.text()), (206, "234"));
        assert_eq!(part.header("content-range"), Some("bytes 2-4/10"));
        assert_eq!(
            gateway
                .ask("GET", "/photos/a/b%20c", &["Range: bytes=10-"], b"")
                .status,
            416
        );

        let large: Vec<u8> = (0..20_000_000u32)
            .map(|number| number.to_le_bytes()[1])
            .collect();
        assert_eq!(gateway.ask("PUT", "/photos/large", &[], &large).status, 200);
        assert!(gateway.ask("GET", "/photos/large", &[], b"").body == large);
        let part = gateway.ask(
            "GET",
            "/photos/large",
            &["Range: bytes=9999990-10000009"],
            b"",
        );
        assert_eq!(part.body, large[9_999_990..10_000_010]);

        let list = gateway.ask("GET", "/photos?list-type=2&delimiter=/", &[], b"");
        assert!(
            list.text()
                .contains("<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>")
        );
        assert!(
            list.text().contains("<Size>20000000</Size>"),
            "{}",
            list.text()
        );
        assert_eq!(gateway.ask("DELETE", "/photos", &[], b"").status, 409);
        for key in ["a/b%20c", "large", "none"] {
            assert_eq!(
                gateway
                    .ask("DELETE", &format!("/photos/{key}"), &[], b"")
                    .status,
                204
            );
        }
        assert_eq!(gateway.ask("DELETE", "/photos", &[], b"").status, 204);
    }
}

#[test]
fn headers_that_cannot_be_kept_are_refused_and_those_that_are_can_be_read() {
    let gateway = Gateway::anonymous("memory:", "s3");
    gateway.ask("PUT", "/photos", &[], b"");
    // Stored, each quote takes two bytes.
    for (quotes, status) in [(4000, 200), (4096, 400), (8179, 400)] {
        let header = format!("Cache-Control: {}", "\"".repeat(quotes));
        let key = format!("/photos/{quotes}");
        let put = gateway.ask("PUT", &key, &[&header], b"x");
        assert_eq!(put.status, status, "{quotes}: {}", put.text());
        let got = gateway.ask("GET", &key, &[], b"");
        assert_eq!(
            got.status,
            if status == 200 { 200 } else { 404 },
            "{quotes}"
        );
        let begun = gateway.ask("POST", &format!("{key}?uploads"), &[&header], b"");
        assert_eq!(begun.status, status, "{quotes}: {}", begun.text());
    }
    assert_eq!(gateway.ask("GET", "/photos", &[], b"").status, 200);
    let other = ["x-oss-meta-a: b"];
    gateway.ask("PUT", "/photos/k", &other, b"x");
    let got = gateway.ask("GET", "/photos/k", &[], b"");
    assert_eq!(got.header("x-oss-meta-a"), None, "not this provider's");
}

#[test]
fn a_read_depends_on_tags_and_times() {
    let gateway = Gateway::anonymous("memory:", "s3");
    gateway.ask("PUT", "/photos", &[], b"");
    gateway.ask("PUT", "/photos/k", &[], b"0123");
    let first = gateway.ask("GET", "/photos/k", &[], b"");
    let (tag, time) = (
        first.header("etag").unwrap(),
        first.header("last-modified").unwrap(),
    );
    let [match_, none_match] = ["If-Match", "If-None-Match"].map(|name| format!("{name}: {tag}"));
    let [since, not_since] =
        ["If-Modified-Since", "If-Unmodified-Since"].map(|name| format!("{name}: {time}"));
    let (old_since, old_not_since) = (
        "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT",
        "If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT",
    );
    for (headers, status) in [
        (&[since.as_str()][..], 304),
        (&[old_since], 200),
        (&[not_since.as_str()], 200),
        (&[old_not_since], 412),
        (&["If-Modified-Since: x", "If-Unmodified-Since: x"], 200),
        (&[&match_, old_not_since], 200),
        (&[&none_match, old_since], 304),
        (&["If-None-Match: \"x\"", &since], 200),
        (&["If-Match: \"x\"", &not_since], 412),
        (&["Range: bytes=1-2", &format!("If-Range: {tag}")], 206),
        (&["Range: bytes=1-2", "If-Range: \"x\""], 200),
    ] {
        let answer = gateway.ask("GET", "/photos/k", headers, b"");
        assert_eq!(answer.status, status, "{headers:?}");
        assert_eq!(
            gateway.ask("HEAD", "/photos/k", headers, b"").status,
            status,
            "{headers:?}"
        );
    }
}

#[test]
fn folders_of_removed_objects_do_not_stay() {
    let folder = Folder::new();
    let gateway = Gateway::anonymous(folder.as_str(), "s3");
    gateway.ask("PUT", "/photos", &[], b"");
    let key = format!("/photos/{}k", "a/".repeat(100));
    gateway.ask("PUT", &key, &[], b"x");
    gateway.ask("POST", &format!("{key}?uploads"), &[], b"");
    gateway.ask("DELETE", &key, &[], b"");
    assert!(!folder.0.join("objects/photos").exists());
    assert_eq!(gateway.ask("DELETE", "/photos", &[], b"").status, 204);
    assert!(!folder.0.join("uploads").exists());
}

#[test]
fn oss_describes_an_object_and_a_bucket_as_its_clients_expect() {
    let gateway = Gateway::anonymous("memory:", "oss");
    gateway.ask("PUT", "/photos", &[], b"");
    // The check value of CRC-64/XZ.
    let crc = Some("11051210869376104954");
    let put = gateway.ask("PUT", "/photos/k", &[], b"123456789");
    assert_eq!(put.header("x-oss-hash-crc64ecma"), crc);
    for method in ["GET", "HEAD"] {
        let answer = gateway.ask(method, "/photos/k", &[], b"");
        assert_eq!(answer.header("x-oss-hash-crc64ecma"), crc);
        assert_eq!(answer.header("x-oss-object-type"), Some("Normal"));
        assert_eq!(answer.header("x-oss-storage-class"), Some("Standard"));
    }
    let short = gateway.ask("HEAD", "/photos/k?objectMeta", &[], b"");
    assert_eq!(
        (short.status, short.header("content-length")),
        (200, Some("9"))
    );
    assert_eq!(
        gateway.ask("GET", "/photos/k?objectMeta", &[], b"").status,
        501
    );
    let info = gateway.ask("GET", "/?bucketInfo", &["Host: photos.localhost:80"], b"");
    for part in [
        "<CreationDate>2",
        "<ExtranetEndpoint>localhost:80</ExtranetEndpoint>",
        "<Owner><ID>",
        "<Grant>private</Grant>",
    ] {
        assert!(info.text().contains(part), "{part} in {}", info.text());
    }
}

#[test]
fn names_are_those_that_the_provider_accepts() {
    for (dialect, status) in [("s3", 200), ("oss", 400)] {
        let gateway = Gateway::anonymous("memory:", dialect);
        gateway.ask("PUT", "/photos", &[], b"");
        assert_eq!(gateway.ask("PUT", "/a.b.c", &[], b"").status, status);
        for key in ["/photos/%5Cx", "/photos//x"] {
            let put = gateway.ask("PUT", key, &[], b"x");
            assert_eq!(put.status, status, "{dialect} {key}: {}", put.text());
        }
        for bucket in ["/192.168.5.123", "/foo.-bar", "/foo-.bar"] {
            let put = gateway.ask("PUT", bucket, &[], b"");
            assert!(put.text().contains("InvalidBucketName"), "{bucket}");
        }
    }
}

#[test]
fn oss_repeats_an_error_in_headers() {
    let gateway = Gateway::anonymous("memory:", "oss");
    gateway.ask("PUT", "/photos", &[], b"");
    for (path, code, ec) in [
        ("/photos/none", "NoSuchKey", "0026-00000001"),
        ("/none/k", "NoSuchBucket", "0015-00000101"),
    ] {
        let get = gateway.ask("GET", path, &[], b"");
        assert!(get.text().contains(&format!("<Code>{code}</Code>")));
        assert!(
            get.text().contains(&format!("<EC>{ec}</EC>")),
            "{}",
            get.text()
        );
        assert_eq!(get.header("x-oss-ec"), Some(ec));
        assert_eq!(get.header("x-oss-err"), None);
        let head = gateway.ask("HEAD", path, &[], b"");
        assert_eq!(head.header("x-oss-ec"), Some(ec));
        let document = BASE64.decode(head.header("x-oss-err").unwrap()).unwrap();
        let document = String::from_utf8(document).unwrap();
        assert!(
            document.contains(&format!("<Code>{code}</Code>")),
            "{document}"
        );
    }
    let malformed = gateway.ask("POST", "/photos?delete", &[], b"<x>");
    assert!(malformed.text().contains("schema.</Message>"));
    let none = gateway.ask("GET", "/photos?cors", &[], b"");
    assert_eq!(none.header("x-oss-ec"), Some("0034-00000001"));
    let rules = "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><MaxAgeSeconds>-1</MaxAgeSeconds></CORSRule></CORSConfiguration>";
    let refused = gateway.ask("PUT", "/photos?cors", &[], rules.as_bytes());
    let argument = "<ArgumentName>MaxAgeSeconds</ArgumentName><ArgumentValue>-1</ArgumentValue>";
    assert!(refused.text().contains(argument), "{}", refused.text());
    let s3 = Gateway::anonymous("memory:", "s3");
    s3.ask("PUT", "/photos", &[], b"");
    let head = s3.ask("HEAD", "/photos/none", &[], b"");
    assert_eq!(
        (head.header("x-oss-ec"), head.header("x-oss-err")),
        (None, None)
    );
    assert!(
        !s3.ask("GET", "/photos/none", &[], b"")
            .text()
            .contains("<EC>")
    );
}
