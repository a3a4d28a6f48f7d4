//! Uploads by HTML forms.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use cors_gateway::{Credentials, Options};

use crate::client::{Answer, Gateway, document, options};

const FORM: &str = "Content-Type: multipart/form-data; boundary=xyz";

/// A form's body, with its file last.
fn form(fields: &[(&str, &str)], file: &str) -> String {
    let fields = fields.iter().map(|(name, value)| {
        format!("--xyz\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    });
    let fields: String = fields.collect();
    format!(
        "{fields}--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f.txt\"\r\nContent-Type: text/plain\r\n\r\n{file}\r\n--xyz--\r\n"
    )
}

fn post(gateway: &Gateway, fields: &[(&str, &str)], file: &str) -> Answer {
    let body = form(fields, file);
    let headers = [FORM, "Origin: https://a.example"];
    gateway.ask("POST", "/photos", &headers, body.as_bytes())
}

fn refused(gateway: &Gateway, fields: &[(&str, &str)], file: &str, code: &str) {
    let answer = post(gateway, fields, file);
    let is_refused = answer.text().contains(&format!("<Code>{code}</Code>"));
    assert!(
        is_refused,
        "{code}: {fields:?} {} {}",
        answer.status,
        answer.text()
    );
    assert_eq!(
        answer.header("access-control-allow-origin"),
        Some("https://a.example")
    );
    assert_eq!(gateway.ask("GET", "/photos/up/f.txt", &[], b"").status, 404);
}

/// A gateway open to anyone, with a bucket whose rules let pages send forms.
fn open_gateway(store: &str, dialect: &str) -> Gateway {
    let gateway = Gateway::anonymous(store, dialect);
    gateway.ask("PUT", "/photos", &[], b"");
    let rules = document("https://a.example").replace("GET", "POST");
    gateway.ask("PUT", "/photos?cors", &[], rules.as_bytes());
    gateway
}

const UNTIL: &str = "2999-01-01T00:00:00.000Z";
const KEY: (&str, &str) = ("key", "up/${filename}");
/// What every policy here has.
const ALL: &str = "{\"bucket\": \"photos\"}, [\"starts-with\", \"$key\", \"up/\"]";

fn policy(conditions: &str, until: &str) -> String {
    BASE64.encode(format!(
        "{{\"expiration\": \"{until}\", \"conditions\": [{conditions}]}}"
    ))
}

#[test]
fn a_form_that_breaks_its_policy_or_asks_for_more_is_refused() {
    let gateway = open_gateway("memory:", "s3");
    let (key, until, all) = (KEY, UNTIL, ALL);
    for (fields, code) in [
        (&[][..], "InvalidArgument"),
        (&[key, ("acl", "public-read")], "NotImplemented"),
        (&[key, ("tagging", "x")], "NotImplemented"),
        (
            &[key, ("x-amz-server-side-encryption", "AES256")],
            "NotImplemented",
        ),
        (&[key, ("policy", "x")], "InvalidPolicyDocument"),
        (
            &[key, ("policy", &policy(all, "2000-01-01T00:00:00.000Z"))],
            "AccessDenied",
        ),
        (
            &[
                key,
                ("policy", &policy("[\"eq\", \"$key\", \"up/\"]", until)),
            ],
            "AccessDenied",
        ),
        (
            &[key, ("policy", &policy("{\"bucket\": \"other\"}", until))],
            "AccessDenied",
        ),
        (
            &[
                key,
                ("policy", &policy("[\"other\", \"$key\", \"up/\"]", until)),
            ],
            "InvalidPolicyDocument",
        ),
        (
            &[
                key,
                (
                    "policy",
                    &policy(&format!("{all}, [\"content-length-range\", 6, 9]"), until),
                ),
            ],
            "EntityTooSmall",
        ),
        (
            &[
                key,
                (
                    "policy",
                    &policy(&format!("{all}, [\"content-length-range\", 0, 4]"), until),
                ),
            ],
            "EntityTooLarge",
        ),
        // A field that the policy does not name.
        (
            &[key, ("x-amz-meta-a", "b"), ("policy", &policy(all, until))],
            "AccessDenied",
        ),
    ] {
        refused(&gateway, fields, "01234", code);
    }
    let cut = form(&[key], "01234");
    let cut = gateway.ask("POST", "/photos", &[FORM], &cut.as_bytes()[..cut.len() - 6]);
    assert!(cut.text().contains("IncompleteBody"), "{}", cut.text());
    let long = "x".repeat(21 * 1024);
    refused(
        &gateway,
        &[key, ("x-amz-meta-a", &long)],
        "",
        "MalformedPOSTRequest",
    );
}

#[test]
fn a_form_without_a_signature_is_for_gateways_open_to_anyone() {
    let gateway = open_gateway("memory:", "s3");
    let (key, until, all) = (KEY, UNTIL, ALL);
    let named = format!(
        "{all}, {{\"x-amz-meta-a\": \"b\"}}, [\"starts-with\", \"$Content-Type\", \"image/\"], {{\"success_action_status\": \"201\"}}, [\"content-length-range\", 5, 5]"
    );
    let fields = [
        key,
        ("Content-Type", "image/x"),
        ("x-amz-meta-a", "b"),
        ("success_action_status", "201"),
        ("x-ignore-this", "1"),
        ("policy", &policy(&named, until)),
    ];
    let created = post(&gateway, &fields, "01234");
    assert_eq!(created.status, 201, "{}", created.text());
    let location = format!("http://{}/photos/up/f.txt", gateway.address);
    assert_eq!(created.header("location"), Some(location.as_str()));
    assert!(created.text().contains(&format!(
        "<PostResponse><Location>{location}</Location><Bucket>photos</Bucket><Key>up/f.txt</Key>"
    )));
    assert_eq!(
        created.header("access-control-allow-origin"),
        Some("https://a.example")
    );
    let got = gateway.ask("GET", "/photos/up/f.txt", &[], b"");
    assert_eq!(
        (got.text(), got.header("content-type")),
        ("01234", Some("image/x"))
    );
    assert_eq!(got.header("x-amz-meta-a"), Some("b"));
    assert_eq!(got.header("etag"), created.header("etag"));
    assert_eq!(post(&gateway, &[("key", "k")], "x").status, 204);
    assert_eq!(
        post(
            &gateway,
            &[("key", "k"), ("success_action_status", "200")],
            "x"
        )
        .status,
        200
    );
    let back = [
        ("key", "k"),
        ("success_action_redirect", "https://a.example/?x=1"),
    ];
    let redirected = post(&gateway, &back, "x");
    assert_eq!(redirected.status, 303);
    let location = redirected.header("location").unwrap();
    assert!(
        location.starts_with("https://a.example/?x=1&bucket=photos&key=k&etag=%22"),
        "{location}"
    );
    let large = "x".repeat(10 << 20);
    assert_eq!(post(&gateway, &[("key", "large")], &large).status, 204);
    assert!(gateway.ask("GET", "/photos/large", &[], b"").text() == large);
}

/// Signatures by Python's hmac and hashlib, of this policy with the secret `secret`.
#[test]
fn the_signature_of_a_policy_is_checked() {
    let policy = BASE64.encode("{\"expiration\": \"2999-01-01T00:00:00.000Z\", \"conditions\": [[\"starts-with\", \"$key\", \"\"], [\"starts-with\", \"$x-amz-algorithm\", \"\"], [\"starts-with\", \"$x-amz-credential\", \"\"], [\"starts-with\", \"$x-amz-date\", \"\"]]}");
    let aws = [
        ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
        (
            "x-amz-credential",
            "AKIDEXAMPLE/20261124/us-east-1/s3/aws4_request",
        ),
        ("x-amz-date", "20261124T063545Z"),
    ];
    let oss = [
        ("x-oss-signature-version", "OSS4-HMAC-SHA256"),
        (
            "x-oss-credential",
            "AKIDEXAMPLE/20261124/cn-hangzhou/oss/aliyun_v4_request",
        ),
        ("x-oss-date", "20261124T063545Z"),
    ];
    for (dialect, fields, signature) in [
        (
            "s3",
            &aws[..],
            (
                "x-amz-signature",
                "9dced662737ad6936042fbb290286b610753534eb3d17a73fc3bb1b6522b294d",
            ),
        ),
        (
            "oss",
            &oss,
            (
                "x-oss-signature",
                "efefb2a128f9cd4335b45d34aeeee8663df1b7ea1234a454a46a5bb83a6fcfee",
            ),
        ),
        (
            "oss",
            &[("OSSAccessKeyId", "AKIDEXAMPLE")],
            ("Signature", "n1nWo4C4duq3h9jnjUZ+Lh8L3i8="),
        ),
    ] {
        let store = crate::client::Folder::new();
        drop(open_gateway(store.as_str(), dialect));
        let gateway = Gateway::start(Options {
            credentials: Credentials::parse("AKIDEXAMPLE:secret").unwrap(),
            anonymous: false,
            v1_signatures: dialect == "oss",
            ..options(store.as_str(), dialect)
        });
        let common = [("key", "k"), ("policy", policy.as_str())];
        let signed = [&common[..], fields, &[signature]].concat();
        let posted = post(&gateway, &signed, "x");
        assert_eq!(posted.status, 204, "{signature:?} {}", posted.text());
        let log = gateway.log();
        assert!(log.last().unwrap().contains("AKIDEXAMPLE"), "{log:?}");
        let wrong = |fields: &[(&str, &str)]| post(&gateway, fields, "x").status;
        assert_eq!(wrong(&common[..1]), 403, "no policy");
        assert_eq!(wrong(&[&common[..], fields].concat()), 400, "no signature");
        let other = [&common[..], fields, &[(signature.0, "x")]].concat();
        assert_eq!(wrong(&other), 403, "another signature");
        let policy =
            BASE64.encode("{\"expiration\": \"2999-01-01T00:00:00.001Z\", \"conditions\": []}");
        let other = [
            &[("key", "k"), ("policy", policy.as_str())],
            fields,
            &[signature],
        ]
        .concat();
        assert_eq!(wrong(&other), 403, "another policy");
    }
}
