//! `cors convert`: every form written, and each loss reported with its place.

mod program;

use program::run;

const CARELESS: &str = include_str!("documents/careless.xml");

#[test]
fn convert_writes_every_form_and_reports_each_loss_with_its_place() {
    let plain = r#"{"CORSRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"], "MaxAgeSeconds": 5}]}"#;
    for to in [
        "oss", "s3", "s3-json", "cos", "gcs", "gcs-json", "azure", "r2",
    ] {
        let (status, out, errors) = run(
            &["convert", "-", "--from", "s3-json", "--to", to, "--strict"],
            plain,
        );
        assert_eq!((status, errors.as_str()), (0, ""), "{to}");
        let (status, back, errors) = run(
            &["convert", "-", "--from", to, "--to", "s3-json", "--strict"],
            &out,
        );
        assert_eq!((status, errors.as_str()), (0, ""), "{to}");
        assert!(back.contains(r#""AllowedOrigins": ["*"]"#), "{to}: {back}");
    }
    // B2's native names and ages are added and removed.
    let (status, out, errors) = run(&["convert", "-", "--from", "s3-json", "--to", "b2"], plain);
    assert_eq!((status, errors.as_str()), (0, ""));
    assert!(
        out.contains(r#""corsRuleName": "rule-1""#) && out.contains("s3_get"),
        "{out}"
    );
    // What B2's own API allows is not what its S3 API does.
    let native = r#"[{"corsRuleName": "uploads", "allowedOrigins": ["https://*.a.example"],
  "allowedOperations": ["s3_get", "b2_upload_file"], "maxAgeSeconds": 5}]"#;
    for to in ["b2", "s3-json"] {
        let (status, _, errors) = run(&["convert", "-", "--from", "b2", "--to", to], native);
        let expected = "standard input:2:35: rule 1, allowedOperations `b2_upload_file`: read as POST, and written that way\n";
        assert!(status == 0 && errors.contains(expected), "{to}: {errors}");
        assert!(!errors.contains("s3_get`"), "{errors}");
    }
    let (status, out, errors) = run(
        &["convert", "-", "--from", "oss", "--to", "gcs-json"],
        CARELESS,
    );
    // What is left is written, and the status says that it is not everything.
    assert_eq!(status, 1);
    assert!(
        out.contains("https://app.example.com") && !out.contains('*'),
        "{out}"
    );
    assert!(
        errors.contains(
            "standard input:3:5: rule 1, AllowedOrigin `https://*example.com`: left out; gcs says"
        ),
        "{errors}"
    );
    assert!(
        errors.contains("rule 1, AllowedOrigin: the rule is left out"),
        "{errors}"
    );
    let (status, out, errors) = run(
        &[
            "convert", "-", "--from", "oss", "--to", "gcs-json", "--strict",
        ],
        CARELESS,
    );
    assert_eq!((status, out.as_str()), (1, ""));
    assert!(errors.contains("nothing was written because of --strict"));
    let vary = "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule><ResponseVary>true</ResponseVary></CORSConfiguration>";
    let (_, _, errors) = run(&["convert", "-", "--from", "oss", "--to", "s3"], vary);
    assert!(errors.contains("ResponseVary"), "{errors}");
    let rule =
        "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>";
    let eleven = format!("<CORSConfiguration>{}</CORSConfiguration>", rule.repeat(11));
    let (status, _, errors) = run(&["convert", "-", "--from", "s3", "--to", "oss"], &eleven);
    assert!(errors.contains("rule 11: the rule is left out"), "{errors}");
    let last = "cors: 1 rule is left out, so the result allows less\n";
    assert!(status == 1 && errors.ends_with(last), "{errors}");
}

#[test]
fn convert_reports_credentials_gained_and_lost_rule_by_rule() {
    let named = |origin: &str| {
        format!(
            "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>\n<CORSRule><AllowedOrigin>{origin}</AllowedOrigin><AllowedMethod>PUT</AllowedMethod></CORSRule></CORSConfiguration>"
        )
    };
    let errors = |from: &str, to: &str, text: &str| {
        let (status, _, errors) = run(&["convert", "-", "--from", from, "--to", to], text);
        assert_eq!(status, 0);
        errors
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
        let errors = errors(from, to, &text);
        let expected = format!("cors: standard input:2:1: rule 2: {what}\n");
        assert!(errors.starts_with(&expected), "{from} {to}: {errors}");
        assert_eq!(errors.matches("credentials").count(), 1, "{errors}");
    }
    for (from, to) in [
        ("oss", "cos"),
        ("s3", "azure"),
        ("s3", "s3-json"),
        ("cos", "gcs-json"),
    ] {
        assert_eq!(errors(from, to, &text), "", "{from} {to}");
    }
    // Next to `*`, a named origin gets credentials on Azure only.
    let both = named("*</AllowedOrigin><AllowedOrigin>https://a.example");
    let errors = errors("s3", "azure", &both);
    assert!(
        errors.contains("rule 2: pages could not send credentials"),
        "{errors}"
    );
    let (status, out, _) = run(
        &["convert", "-", "--from", "oss", "--to", "s3", "--strict"],
        &text,
    );
    assert_eq!((status, out.as_str()), (1, ""));
}

#[test]
fn convert_spells_out_the_method_that_means_every_method() {
    let everything =
        r#"[{"origin": ["*"], "method": ["*"], "responseHeader": ["*"], "maxAgeSeconds": 3600}]"#;
    for to in ["s3-json", "s3", "oss", "azure", "r2", "b2"] {
        let (status, out, errors) = run(
            &["convert", "-", "--from", "gcs-json", "--to", to],
            everything,
        );
        let notice = "rule 1, AllowedMethod `*`: written as GET, PUT, POST, DELETE and HEAD";
        assert!(status == 0 && errors.contains(notice), "{to}: {errors}");
        let provider = to.trim_end_matches("-json");
        let (status, _, errors) = run(&["parse", "-", "--dialect", provider], &out);
        assert_eq!((status, errors.as_str()), (0, ""), "{to}: {out}");
    }
}

#[test]
fn convert_writes_nothing_that_the_other_form_refuses() {
    let get = "<CORSRule><AllowedOrigin>https://*.a.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>";
    let text = format!("<CORSConfiguration>{get}</CORSConfiguration>");
    // GCS accepts no `*` in an origin, so no rule is left; a document of GCS may be empty.
    let (status, out, errors) = run(&["convert", "-", "--from", "s3", "--to", "gcs-json"], &text);
    assert_eq!((status, out.as_str()), (1, "[]\n"), "{errors}");
    // S3 accepts no PATCH, and no document without a rule.
    let patch = r#"[{"origin": ["https://a.example"], "method": ["PATCH"]}]"#;
    let (status, out, errors) = run(
        &["convert", "-", "--from", "gcs-json", "--to", "s3-json"],
        patch,
    );
    assert_eq!((status, out.as_str()), (1, ""), "{errors}");
    assert!(
        errors.ends_with("cors: nothing was written, because the result is not valid\n"),
        "{errors}"
    );
    // OSS's limit is 16 KB.
    let long = format!("https://{}.example", "a".repeat(17_000));
    let text = text.replace("https://*.a.example", &long);
    let (status, out, errors) = run(&["convert", "-", "--from", "s3", "--to", "oss"], &text);
    assert_eq!((status, out.as_str()), (1, ""), "{errors}");
}

#[test]
fn convert_keeps_the_pages_of_an_origin_with_a_default_port() {
    let text = r#"[{"origin": ["https://a.example:443"], "method": ["GET"]}]"#;
    let (status, out, errors) = run(
        &["convert", "-", "--from", "gcs-json", "--to", "s3-json"],
        text,
    );
    assert!(
        status == 0 && out.contains("\"https://a.example\""),
        "{out}"
    );
    assert!(
        errors.contains("`https://a.example:443`: written without the port; s3 compares"),
        "{errors}"
    );
}
