//! Objects: bytes, metadata, ranges, lists.

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
