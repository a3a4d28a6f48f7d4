//! A bucket's configuration: put, applied, returned, removed, and shared by gateways on one store.

use std::time::{Duration, Instant};

use crate::client::{Folder, Gateway, PREFLIGHT, document};

#[test]
fn a_configuration_is_put_applied_returned_and_removed() {
    let gateway = Gateway::anonymous("memory:", "oss");
    assert_eq!(gateway.ask("PUT", "/photos?cors", &[], b"x").status, 404);
    assert_eq!(gateway.ask("PUT", "/photos", &[], b"").status, 200);
    let refused = gateway.ask("OPTIONS", "/photos/k", &PREFLIGHT, b"");
    assert_eq!(refused.status, 403);
    assert!(refused.text().contains("<Code>AccessForbidden</Code>"));

    let put = gateway.ask(
        "PUT",
        "/photos?cors",
        &[],
        document("https://a.example").as_bytes(),
    );
    assert_eq!((put.status, put.body.len()), (200, 0), "{}", put.text());
    assert_eq!(put.header("content-length"), Some("0"));
    assert!(put.header("x-oss-request-id").is_some() && put.header("date").is_some());

    let granted = gateway.ask("OPTIONS", "/photos/k", &PREFLIGHT, b"");
    assert_eq!(granted.status, 200);
    assert_eq!(
        granted.header("access-control-allow-origin"),
        Some("https://a.example")
    );
    let missing = gateway.ask("GET", "/photos/k", &PREFLIGHT[..1], b"");
    assert_eq!(missing.status, 404);
    assert_eq!(
        missing.header("access-control-allow-origin"),
        Some("https://a.example")
    );
    let by_host = gateway.ask("GET", "/?cors=", &["Host: photos.localhost"], b"");
    assert!(
        by_host
            .text()
            .contains("<AllowedOrigin>https://a.example</AllowedOrigin>")
    );

    // Refused for its text, its digest and its size: the old configuration stays in force.
    for (headers, body, code) in [
        (
            &[][..],
            document("https://*.*").into_bytes(),
            "InvalidArgument",
        ),
        (&[][..], b"<CORSConfiguration>".to_vec(), "MalformedXML"),
        (
            &["Content-MD5: AAAAAAAAAAAAAAAAAAAAAA=="][..],
            document("*").into_bytes(),
            "InvalidDigest",
        ),
        (&[][..], vec![b' '; 16 * 1024 + 1], "EntityTooLarge"),
    ] {
        let refused = gateway.ask("PUT", "/photos?cors", headers, &body);
        assert_eq!(refused.status, 400, "{code}");
        assert!(
            refused.text().contains(&format!("<Code>{code}</Code>")),
            "{}",
            refused.text()
        );
        assert_eq!(
            gateway.ask("OPTIONS", "/photos/k", &PREFLIGHT, b"").status,
            200
        );
    }

    assert_eq!(gateway.ask("DELETE", "/photos?cors", &[], b"").status, 204);
    assert_eq!(gateway.ask("DELETE", "/photos?cors", &[], b"").status, 204);
    assert!(
        gateway
            .ask("GET", "/photos?cors", &[], b"")
            .text()
            .contains("NoSuchCORSConfiguration")
    );
    assert_eq!(
        gateway.ask("OPTIONS", "/photos/k", &PREFLIGHT, b"").status,
        403
    );
}

#[test]
fn two_gateways_on_one_store_agree_within_two_seconds() {
    let folder = Folder::new();
    let one = Gateway::anonymous(folder.as_str(), "oss");
    let other = Gateway::anonymous(folder.as_str(), "oss");
    one.ask("PUT", "/photos", &[], b"");
    let mut granted = false;
    for _ in 0..2 {
        // The other gateway has just read the store, so it uses its cache for the whole time.
        let before = other.ask("OPTIONS", "/photos/k", &PREFLIGHT, b"").status;
        assert_eq!(before == 200, granted);
        let change = if granted {
            one.ask("DELETE", "/photos?cors", &[], b"")
        } else {
            one.ask(
                "PUT",
                "/photos?cors",
                &[],
                document("https://a.example").as_bytes(),
            )
        };
        let changed = Instant::now();
        assert!(change.status == 200 || change.status == 204);
        granted = !granted;
        assert_eq!(
            one.ask("OPTIONS", "/photos/k", &PREFLIGHT, b"").status == 200,
            granted
        );
        std::thread::sleep(Duration::from_millis(2_010).saturating_sub(changed.elapsed()));
        assert_eq!(
            other.ask("OPTIONS", "/photos/k", &PREFLIGHT, b"").status == 200,
            granted
        );
    }
}

#[test]
fn the_document_counts_where_the_stored_image_is_another() {
    let folder = Folder::new();
    let gateway = Gateway::anonymous(folder.as_str(), "s3");
    gateway.ask("PUT", "/photos", &[], b"");
    let text = document("https://a.example");
    gateway.ask("PUT", "/photos?cors", &[], text.as_bytes());
    let path = folder.0.join("cors").join("photos");
    let stored = std::fs::read(&path).unwrap();

    // The image of other rules, valid in itself, before the same document.
    let image = cors_xml::Document::parse(&cors_xml::Provider::S3, document("*").as_bytes())
        .unwrap()
        .compile()
        .unwrap()
        .into_bytes();
    let length = u32::try_from(image.len()).unwrap().to_le_bytes();
    let changed = [&stored[..8], &length, &image, text.as_bytes()].concat();
    std::fs::write(&path, changed).unwrap();

    let fresh = Gateway::anonymous(folder.as_str(), "s3");
    let evil = ["Origin: https://evil.example", PREFLIGHT[1]];
    assert_eq!(fresh.ask("OPTIONS", "/photos/k", &evil, b"").status, 403);
    assert_eq!(
        fresh.ask("OPTIONS", "/photos/k", &PREFLIGHT, b"").status,
        200
    );
    let told = |gateway: &Gateway| {
        gateway
            .log()
            .iter()
            .any(|line| line.contains("stored policy is not"))
    };
    assert!(told(&fresh), "{:?}", fresh.log());

    std::fs::write(&path, stored).unwrap();
    let right = Gateway::anonymous(folder.as_str(), "s3");
    assert_eq!(
        right.ask("OPTIONS", "/photos/k", &PREFLIGHT, b"").status,
        200
    );
    assert!(!told(&right), "{:?}", right.log());
}
