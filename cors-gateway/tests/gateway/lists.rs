//! Lists of buckets, objects, uploads and parts: what they select, and how names are written.

use crate::client::{Folder, Gateway};

/// The texts of the elements with this name.
fn texts<'d>(document: &'d str, name: &str) -> Vec<&'d str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let pieces = document.split(open.as_str()).skip(1);
    pieces
        .map(|piece| piece.split_once(&close).unwrap().0)
        .collect()
}

#[test]
fn buckets_are_listed_by_prefix_and_page() {
    for (dialect, most, from) in [
        ("oss", "max-keys", "marker"),
        ("s3", "max-buckets", "continuation-token"),
    ] {
        let gateway = Gateway::anonymous("memory:", dialect);
        for name in ["other", "test-1", "test-2", "test-3"] {
            gateway.ask("PUT", &format!("/{name}"), &[], b"");
        }
        let list = |query: &str| gateway.ask("GET", &format!("/?{query}"), &[], b"");
        let names = |query: &str| texts(list(query).text(), "Name").join(" ");
        assert_eq!(names(""), "other test-1 test-2 test-3");
        assert_eq!(names("prefix=test-"), "test-1 test-2 test-3");
        let first = list(&format!("prefix=test-&{most}=2"));
        assert_eq!(texts(first.text(), "Name"), ["test-1", "test-2"]);
        let next = match dialect {
            "oss" => texts(first.text(), "NextMarker"),
            _ => texts(first.text(), "ContinuationToken"),
        };
        assert_eq!(names(&format!("prefix=test-&{from}={}", next[0])), "test-3");
        assert_eq!(list(&format!("{most}=x")).status, 400);
        let endpoints = texts(first.text(), "ExtranetEndpoint");
        match dialect {
            "oss" => assert_eq!(endpoints, [&gateway.address; 2]),
            _ => assert!(endpoints.is_empty()),
        }
    }
}

#[test]
fn a_list_repeats_what_was_asked_and_nothing_else() {
    let gateway = Gateway::anonymous("memory:", "s3");
    gateway.ask("PUT", "/photos", &[], b"");
    for key in ["a", "b", "c"] {
        gateway.ask("PUT", &format!("/photos/{key}"), &[], b"x");
    }
    let list = |query: &str| gateway.ask("GET", &format!("/photos?list-type=2&{query}"), &[], b"");
    let plain = list("max-keys=1");
    for absent in [
        "<Delimiter",
        "<Owner>",
        "<StartAfter",
        "<ContinuationToken",
        "<Type>",
    ] {
        assert!(
            !plain.text().contains(absent),
            "{absent} in {}",
            plain.text()
        );
    }
    let token = texts(plain.text(), "NextContinuationToken")[0];
    let next = list(&format!(
        "max-keys=1&fetch-owner=true&start-after=0&continuation-token={token}"
    ));
    assert_eq!(texts(next.text(), "ContinuationToken"), [token]);
    assert_eq!(texts(next.text(), "StartAfter"), ["0"]);
    assert_eq!(texts(next.text(), "Key"), ["b"]);
    assert!(next.text().contains("<Owner>"));
    assert_eq!(
        gateway.ask("GET", "/photos?list-type=3", &[], b"").status,
        400
    );
}

#[test]
fn oss_lists_a_hundred_objects_unless_more_are_asked_for() {
    let gateway = Gateway::anonymous("memory:", "oss");
    gateway.ask("PUT", "/photos", &[], b"");
    for number in 0..101 {
        gateway.ask("PUT", &format!("/photos/{number}"), &[], b"");
    }
    for (query, count) in [("", 100), ("?max-keys=1000", 101)] {
        let list = gateway.ask("GET", &format!("/photos{query}"), &[], b"");
        assert_eq!(texts(list.text(), "Key").len(), count);
    }
}

#[test]
fn unfinished_uploads_are_listed_by_key_and_page() {
    let gateway = Gateway::anonymous("memory:", "s3");
    gateway.ask("PUT", "/photos", &[], b"");
    let begin = |key: &str| {
        let begun = gateway.ask("POST", &format!("/photos/{key}?uploads"), &[], b"");
        texts(begun.text(), "UploadId")[0].to_owned()
    };
    let ids = ["b", "a/1", "b", "a/2"].map(begin);
    let list = |query: &str| gateway.ask("GET", &format!("/photos?uploads&{query}"), &[], b"");
    let all = list("");
    assert_eq!(texts(all.text(), "Key"), ["a/1", "a/2", "b", "b"]);
    let listed = texts(all.text(), "UploadId");
    assert_eq!(listed, [&ids[1], &ids[3], &ids[0], &ids[2]]);
    assert_eq!(texts(list("prefix=a").text(), "Key"), ["a/1", "a/2"]);
    let grouped = list("delimiter=/");
    assert_eq!(texts(grouped.text(), "Key"), ["b", "b"]);
    assert!(
        grouped
            .text()
            .contains("<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>")
    );
    // A delimiter that ids have too is looked for in keys only.
    let digit = &ids[0][..1];
    assert_eq!(
        texts(list(&format!("delimiter={digit}&prefix=b")).text(), "Key"),
        ["b", "b"]
    );
    let (mut seen, mut from) = (Vec::new(), String::new());
    for _ in 0..4 {
        let page = list(&format!("max-uploads=1{from}"));
        seen.push(texts(page.text(), "UploadId")[0].to_owned());
        let key = texts(page.text(), "NextKeyMarker")[0];
        let id = texts(page.text(), "NextUploadIdMarker")[0];
        assert_eq!(
            key.is_empty(),
            seen.len() == 4,
            "oss2 reads no list without them"
        );
        from = format!("&key-marker={key}&upload-id-marker={id}");
    }
    assert_eq!(seen, listed);
    assert_eq!(texts(list("key-marker=a/2").text(), "Key"), ["b", "b"]);
    gateway.ask(
        "DELETE",
        &format!("/photos/b?uploadId={}", ids[0]),
        &[],
        b"",
    );
    assert_eq!(texts(list("").text(), "Key"), ["a/1", "a/2", "b"]);
}

#[test]
fn a_key_with_control_characters_can_be_found_again() {
    let gateway = Gateway::anonymous("memory:", "s3");
    gateway.ask("PUT", "/photos", &[], b"");
    let path = "/photos/a%01%0d%EF%BF%BFb";
    gateway.ask("PUT", path, &[], b"x");
    let plain = gateway.ask("GET", "/photos", &[], b"");
    assert_eq!(texts(plain.text(), "Key"), ["a&#x1;&#xd;&#xffff;b"]);
    let encoded = "a%01%0D%EF%BF%BFb";
    for (method, path, body) in [
        ("GET", "/photos?encoding-type=url", ""),
        ("POST", &format!("{path}?uploads&encoding-type=url"), ""),
        ("GET", "/photos?uploads&encoding-type=url", ""),
        (
            "POST",
            "/photos?delete&encoding-type=url",
            "<Delete><Object><Key>a&#x1;&#xd;&#xffff;b</Key></Object></Delete>",
        ),
    ] {
        let answer = gateway.ask(method, path, &[], body.as_bytes());
        assert_eq!(texts(answer.text(), "Key"), [encoded], "{method} {path}");
        assert_eq!(
            texts(answer.text(), "EncodingType"),
            ["url"],
            "{method} {path}"
        );
    }
    assert_eq!(gateway.ask("GET", path, &[], b"").status, 404);
}

#[test]
fn one_unreadable_object_hides_no_other() {
    let folder = Folder::new();
    let gateway = Gateway::anonymous(folder.as_str(), "s3");
    gateway.ask("PUT", "/photos", &[], b"");
    for key in ["a", "b", "c"] {
        gateway.ask("PUT", &format!("/photos/{key}"), &[], b"x");
    }
    std::fs::write(folder.0.join("objects/photos/b"), b"torn").unwrap();
    let list = gateway.ask("GET", "/photos?list-type=2", &[], b"");
    assert_eq!(list.status, 200, "{}", list.text());
    assert_eq!(texts(list.text(), "Key"), ["a", "c"]);
    assert_eq!(texts(list.text(), "KeyCount"), ["2"]);
    let log = gateway.log();
    let line = log.last().unwrap();
    assert!(
        line.contains("1 left out") && line.contains("photos/b"),
        "{line}"
    );
    assert_eq!(gateway.ask("GET", "/photos/b", &[], b"").status, 500);
    assert_eq!(gateway.ask("GET", "/photos/a", &[], b"").text(), "x");
    assert_eq!(gateway.ask("DELETE", "/photos/b", &[], b"").status, 204);
}
