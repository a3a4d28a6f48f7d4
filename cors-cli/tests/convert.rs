//! `cors convert`: every form written, and each loss reported with its place.

mod program;

use program::run;

const CARELESS: &str = include_str!("documents/careless.xml");

#[test]
fn convert_writes_every_form_and_tells_what_is_lost_with_its_place() {
    let plain = r#"{"CORSRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"], "MaxAgeSeconds": 5}]}"#;
    for to in [
        "oss", "s3", "s3-json", "cos", "gcs", "gcs-json", "azure", "r2",
    ] {
        let (status, out, told) = run(
            &["convert", "-", "--from", "s3-json", "--to", to, "--strict"],
            plain,
        );
        assert_eq!((status, told.as_str()), (0, ""), "{to}");
        let (status, back, told) = run(
            &["convert", "-", "--from", to, "--to", "s3-json", "--strict"],
            &out,
        );
        assert_eq!((status, told.as_str()), (0, ""), "{to}");
        assert!(back.contains(r#""AllowedOrigins": ["*"]"#), "{to}: {back}");
    }
    // Native names and ages come and go with B2.
    let (status, out, told) = run(&["convert", "-", "--from", "s3-json", "--to", "b2"], plain);
    assert_eq!((status, told.as_str()), (0, ""));
    assert!(
        out.contains(r#""corsRuleName": "rule-1""#) && out.contains("s3_get"),
        "{out}"
    );
    // What B2's own API allows is not what its S3 API does.
    let native = r#"[{"corsRuleName": "uploads", "allowedOrigins": ["https://*.a.example"],
  "allowedOperations": ["s3_get", "b2_upload_file"], "maxAgeSeconds": 5}]"#;
    for to in ["b2", "s3-json"] {
        let (status, _, told) = run(&["convert", "-", "--from", "b2", "--to", to], native);
        let expected = "standard input:2:35: rule 1, allowedOperations `b2_upload_file`: read as POST, and written that way\n";
        assert!(status == 0 && told.contains(expected), "{to}: {told}");
        assert!(!told.contains("s3_get`"), "{told}");
    }
    let (status, out, told) = run(
        &["convert", "-", "--from", "oss", "--to", "gcs-json"],
        CARELESS,
    );
    assert_eq!(status, 0);
    assert!(
        out.contains("https://app.example.com") && !out.contains('*'),
        "{out}"
    );
    assert!(
        told.contains(
            "standard input:3:5: rule 1, AllowedOrigin `https://*example.com`: left out; gcs says"
        ),
        "{told}"
    );
    assert!(
        told.contains("rule 1, AllowedOrigin: the rule is left out"),
        "{told}"
    );
    let (status, out, told) = run(
        &[
            "convert", "-", "--from", "oss", "--to", "gcs-json", "--strict",
        ],
        CARELESS,
    );
    assert_eq!((status, out.as_str()), (1, ""));
    assert!(told.contains("nothing was written because of --strict"));
    let vary = "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule><ResponseVary>true</ResponseVary></CORSConfiguration>";
    let (_, _, told) = run(&["convert", "-", "--from", "oss", "--to", "s3"], vary);
    assert!(told.contains("ResponseVary"), "{told}");
    let rule =
        "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>";
    let eleven = format!("<CORSConfiguration>{}</CORSConfiguration>", rule.repeat(11));
    let (_, _, told) = run(&["convert", "-", "--from", "s3", "--to", "oss"], &eleven);
    assert!(told.contains("rule 11: the rule is left out"), "{told}");
}

#[test]
fn convert_tells_rule_by_rule_who_gains_and_who_loses_credentials() {
    let named = |origin: &str| {
        format!(
            "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>\n<CORSRule><AllowedOrigin>{origin}</AllowedOrigin><AllowedMethod>PUT</AllowedMethod></CORSRule></CORSConfiguration>"
        )
    };
    let told = |from: &str, to: &str, text: &str| {
        let (status, _, told) = run(&["convert", "-", "--from", from, "--to", to], text);
        assert_eq!(status, 0);
        told
    };
    let text = named("https://a.example");
    for (from, to, what) in [
        (
            "oss",
            "s3",
            "pages could not send credentials, but can under s3",
        ),
        (
            "oss",
            "azure",
            "pages could not send credentials, but can under azure",
        ),
        (
            "oss",
            "r2",
            "pages could not send credentials, but can under r2",
        ),
        (
            "s3",
            "oss",
            "pages could send credentials, but cannot under oss",
        ),
        (
            "s3",
            "gcs",
            "pages could send credentials, but cannot under gcs",
        ),
    ] {
        let told = told(from, to, &text);
        let expected = format!("cors: standard input:2:1: rule 2: {what}\n");
        assert!(told.starts_with(&expected), "{from} {to}: {told}");
        assert_eq!(told.matches("credentials").count(), 1, "{told}");
    }
    for (from, to) in [
        ("oss", "cos"),
        ("s3", "azure"),
        ("s3", "s3-json"),
        ("cos", "gcs-json"),
    ] {
        assert_eq!(told(from, to, &text), "", "{from} {to}");
    }
    // Beside `*` a named origin gets them on Azure alone.
    let both = named("*</AllowedOrigin><AllowedOrigin>https://a.example");
    let told = told("s3", "azure", &both);
    assert!(
        told.contains("rule 2: pages could not send credentials"),
        "{told}"
    );
    let (status, out, _) = run(
        &["convert", "-", "--from", "oss", "--to", "s3", "--strict"],
        &text,
    );
    assert_eq!((status, out.as_str()), (1, ""));
}
