//! Multipart uploads.

use crate::client::{Answer, Folder, Gateway};

#[test]
fn an_object_uploaded_in_parts_becomes_visible_all_at_once() {
    let folder = Folder::new();
    let part = |number: u8| vec![number; 5 * 1024 * 1024];
    let (first, second, last) = (part(1), part(2), b"the end".to_vec());
    let whole = [&first[..], &second, &last].concat();
    for (store, dialect) in [
        ("memory:", "s3"),
        (folder.as_str(), "s3"),
        ("memory:", "oss"),
    ] {
        let gateway = Gateway::anonymous(store, dialect);
        let metadata = if dialect == "s3" {
            "x-amz-meta-a: b"
        } else {
            "x-oss-meta-a: b"
        };
        gateway.ask("PUT", "/photos", &[], b"");
        gateway.ask("PUT", "/photos/a/b", &[], b"old");
        let begin = || {
            let headers = ["Content-Type: image/x", metadata];
            let begun = gateway.ask("POST", "/photos/a/b?uploads", &headers, b"");
            let id = begun.text().split_once("<UploadId>").unwrap().1;
            id.split_once('<').unwrap().0.to_owned()
        };
        let id = begin();
        let at = |rest: &str| format!("/photos/a/b?uploadId={id}{rest}");
        let put = |number: &str, bytes: &[u8]| {
            let put = gateway.ask("PUT", &at(&format!("&partNumber={number}")), &[], bytes);
            (
                put.status,
                put.header("etag").unwrap_or_default().to_owned(),
            )
        };
        // The parts in reverse order, one of them twice.
        let (_, tag_3) = put("3", &last);
        put("1", b"wrong");
        let ((_, tag_1), (status, tag_2)) = (put("1", &first), put("2", &second));
        assert_eq!(status, 200);
        assert_eq!(
            (put("0", b"").0, put("10001", b"").0, put("x", b"").0),
            (400, 400, 400)
        );
        parts_are_listed(&gateway, &at(""));
        let complete = |parts: &[(u32, &str)]| {
            let parts = parts.iter().map(|(number, tag)| {
                format!("<Part><PartNumber>{number}</PartNumber><ETag>{tag}</ETag></Part>")
            });
            let parts: String = parts.collect();
            let document = format!("<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>");
            gateway.ask("POST", &at(""), &[], document.as_bytes())
        };
        for (parts, code) in [
            (&[(1, tag_1.as_str()), (2, &tag_1)][..], "InvalidPart"),
            (&[(1, &tag_1), (4, &tag_2)], "InvalidPart"),
            (&[(2, &tag_2), (1, &tag_1)], "InvalidPartOrder"),
            (&[], "MalformedXML"),
        ] {
            let refused = complete(parts);
            assert_eq!(refused.status, 400);
            assert!(refused.text().contains(&format!("<Code>{code}</Code>")));
        }
        let other = gateway.ask("DELETE", &at("").replace("a/b", "a/c"), &[], b"");
        assert!(
            other.text().contains("NoSuchUpload"),
            "an upload belongs to one key"
        );
        assert_eq!(gateway.ask("GET", "/photos/a/b", &[], b"").text(), "old");

        let done = complete(&[(1, &tag_1), (2, &tag_2), (3, &tag_3)]);
        assert_eq!(done.status, 200, "{}", done.text());
        let got = gateway.ask("GET", "/photos/a/b", &[], b"");
        assert!(got.body == whole);
        let tag = got.header("etag").unwrap().to_ascii_lowercase();
        // Computed with Python's hashlib: the MD5 of the parts' MD5s.
        assert_eq!(tag, "\"847e6d7bd7f5bcb86a1dfcbeb47aa465-3\"");
        assert!(
            done.text()
                .to_ascii_lowercase()
                .contains("847e6d7bd7f5bcb86a1dfcbeb47aa465-3")
        );
        assert_eq!(got.header("content-type"), Some("image/x"));
        let (name, value) = metadata.split_once(": ").unwrap();
        assert_eq!(got.header(name), Some(value));
        the_answer_describes_the_object(&gateway, dialect, &done, &got);
        // A client that lost the answer asks again, until the object is another one.
        let again = complete(&[(1, &tag_1)]);
        assert_eq!((again.status, again.text()), (200, done.text()));
        gateway.ask("PUT", "/photos/a/b", &[], b"old");
        assert!(complete(&[(1, &tag_1)]).text().contains("NoSuchUpload"));
        let parts = [(&tag_1, &first), (&tag_2, &second), (&tag_3, &last)];
        an_upload_says_what_it_has(&gateway, dialect, &begin(), &parts);
        assert!(gateway.ask("GET", "/photos/a/b", &[], b"").body == whole);
        an_upload_is_aborted(&gateway, dialect, &begin());
        assert!(gateway.ask("GET", "/photos/a/b", &[], b"").body == whole);
        begin();
        gateway.ask("DELETE", "/photos/a/b", &[], b"");
        assert_eq!(gateway.ask("DELETE", "/photos", &[], b"").status, 204);
    }
    assert!(!folder.0.join("uploads").exists());
}

/// Checks the list of an upload's second and third parts, and a page with the first two.
fn parts_are_listed(gateway: &Gateway, upload: &str) {
    let list = |rest: &str| gateway.ask("GET", &format!("{upload}{rest}"), &[], b"");
    let listed = list("&max-parts=2&part-number-marker=1");
    let names = [
        "PartNumber>2<",
        "PartNumber>3<",
        "Size>7<",
        "IsTruncated>false<",
    ];
    assert!(names.iter().all(|name| listed.text().contains(name)));
    assert!(!listed.text().contains("PartNumber>1<"));
    let listed = list("&max-parts=2");
    let names = ["NextPartNumberMarker>2<", "IsTruncated>true<"];
    assert!(names.iter().all(|name| listed.text().contains(name)));
}

/// Parts too small for S3, and an upload that exists until it is aborted.
fn an_upload_is_aborted(gateway: &Gateway, dialect: &str, id: &str) {
    let at = |rest: &str| format!("/photos/a/b?uploadId={id}{rest}");
    let tag = gateway.ask("PUT", &at("&partNumber=1"), &[], b"a");
    let tag = tag.header("etag").unwrap();
    gateway.ask("PUT", &at("&partNumber=2"), &[], b"a");
    let document = [1, 2]
        .map(|number| format!("<Part><PartNumber>{number}</PartNumber><ETag>{tag}</ETag></Part>"));
    let document = format!(
        "<CompleteMultipartUpload>{}</CompleteMultipartUpload>",
        document.concat()
    );
    if dialect == "s3" {
        let refused = gateway.ask("POST", &at(""), &[], document.as_bytes());
        assert!(
            refused.text().contains("EntityTooSmall"),
            "{}",
            refused.text()
        );
    }
    assert_eq!(gateway.ask("DELETE", &at(""), &[], b"").status, 204);
    assert_eq!(gateway.ask("DELETE", &at(""), &[], b"").status, 404);
}

/// All parts without their list on OSS, the size of the whole on S3.
fn an_upload_says_what_it_has(
    gateway: &Gateway,
    dialect: &str,
    id: &str,
    parts: &[(&String, &Vec<u8>)],
) {
    let at = format!("/photos/a/b?uploadId={id}");
    let (mut list, mut size) = (Vec::new(), 0);
    for (number, (tag, bytes)) in (1..).zip(parts) {
        let put = gateway.ask("PUT", &format!("{at}&partNumber={number}"), &[], bytes);
        assert_eq!(put.header("etag"), Some(tag.as_str()));
        list.push(format!(
            "<Part><PartNumber>{number}</PartNumber><ETag>{tag}</ETag></Part>"
        ));
        size += bytes.len();
    }
    if dialect == "oss" {
        let done = gateway.ask("POST", &at, &["x-oss-complete-all: yes"], b"");
        assert_eq!(done.status, 200, "{}", done.text());
        return;
    }
    let list = list.concat();
    let list = format!("<CompleteMultipartUpload>{list}</CompleteMultipartUpload>");
    for (size, status) in [(1, 400), (size, 200)] {
        let header = format!("x-amz-mp-object-size: {size}");
        let done = gateway.ask("POST", &at, &[&header], list.as_bytes());
        assert_eq!(done.status, status, "{}", done.text());
    }
}

fn the_answer_describes_the_object(gateway: &Gateway, dialect: &str, done: &Answer, got: &Answer) {
    let location = format!("<Location>http://{}/photos/a/b</Location>", gateway.address);
    assert!(done.text().contains(&location), "{}", done.text());
    assert_eq!(done.header("etag"), got.header("etag"));
    if dialect == "oss" {
        assert_eq!(got.header("x-oss-object-type"), Some("Multipart"));
        assert_eq!(
            done.header("x-oss-hash-crc64ecma"),
            got.header("x-oss-hash-crc64ecma")
        );
    }
}
