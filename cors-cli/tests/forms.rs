//! The forms that people have: each is read as what it is, and what cannot be read says why in its first
//! words.

mod program;

use program::run;
use serde_json::Value;

const SDK_PARAMETERS: &str = include_str!("documents/forms/sdk-parameters.json");
const CLOUDFORMATION: &str = include_str!("documents/forms/cloudformation.yaml");
const TERRAFORM: &str = include_str!("documents/forms/main.tf");
const AZURE_CLI: &str = include_str!("documents/forms/az-cors-list.json");
const S3_XML: &str = include_str!("documents/forms/s3-rules.xml");

/// Methods, allowed headers, exposed headers and max age of the first rule.
type First<'e> = (&'e [&'e str], &'e [&'e str], &'e [&'e str], Option<i64>);

#[test]
fn each_form_that_a_tool_of_a_provider_writes_is_read() {
    let cases: [(&str, &str, First<'_>); 12] = [
        (
            "oss",
            include_str!("documents/forms/ossutil.json"),
            (&["GET", "PUT"], &["*"], &["ETag"], Some(100)),
        ),
        (
            "s3",
            include_str!("documents/forms/one-rule.json"),
            (&["GET", "PUT"], &["*"], &[], None),
        ),
        ("s3", SDK_PARAMETERS, (&["GET"], &[], &[], None)),
        (
            "s3",
            include_str!("documents/forms/cloudformation.json"),
            (&["GET", "PUT"], &["*"], &["ETag"], Some(3600)),
        ),
        (
            "s3",
            CLOUDFORMATION,
            (&["GET", "PUT"], &["*"], &["ETag"], Some(3600)),
        ),
        (
            "s3",
            TERRAFORM,
            (&["GET", "PUT"], &["*"], &["ETag"], Some(3000)),
        ),
        (
            "s3",
            include_str!("documents/forms/bos.json"),
            (&["GET"], &["x-bce-*"], &["ETag"], Some(3600)),
        ),
        (
            "azure",
            AZURE_CLI,
            (&["GET", "PUT"], &["*"], &["*"], Some(200)),
        ),
        (
            "azure",
            include_str!("documents/forms/azure-arm.json"),
            (&["GET", "PUT"], &["x-ms-*"], &["*"], Some(200)),
        ),
        (
            "b2",
            include_str!("documents/forms/b2-bucket.json"),
            (&["PUT"], &["*"], &[], Some(3600)),
        ),
        (
            "gcs",
            include_str!("documents/forms/gcs-bucket.json"),
            (&["GET"], &[], &["Content-Type"], Some(3600)),
        ),
        (
            "gcs",
            include_str!("documents/forms/gcloud-describe.json"),
            (&["GET"], &[], &["Content-Type"], Some(3600)),
        ),
    ];
    for (dialect, text, (methods, headers, exposed, max_age)) in cases {
        let (status, out, errors) = run(&["parse", "-", "--dialect", dialect], text);
        assert_eq!((status, errors.as_str()), (0, ""), "{text}");
        let read: Value = serde_json::from_str(&out).unwrap();
        let rule = &read["rules"][0];
        assert_eq!(
            rule["allowed_origins"],
            serde_json::json!(["https://app.example.com"])
        );
        assert_eq!(
            rule["allowed_methods"],
            serde_json::json!(methods),
            "{text}"
        );
        assert_eq!(
            rule["allowed_headers"],
            serde_json::json!(headers),
            "{text}"
        );
        assert_eq!(rule["expose_headers"], serde_json::json!(exposed), "{text}");
        assert_eq!(
            rule["max_age_seconds"],
            serde_json::json!(max_age),
            "{text}"
        );
        assert_eq!(read["response_vary"], dialect == "oss", "{text}");
        assert_eq!(read["rules"].as_array().unwrap().len(), 1, "{text}");
    }
}

#[test]
fn what_is_wrong_is_named_in_the_words_of_the_document() {
    for (dialect, text, expected) in [
        (
            "s3",
            include_str!("documents/forms/exposed-headers.json"),
            &[
                ":1:69: rule 1, ExposedHeaders: did you mean `ExposeHeaders`?\n",
                ":1:97: rule 1, MaxAge: did you mean `MaxAgeSeconds`?\n",
            ][..],
        ),
        (
            "s3",
            include_str!("documents/forms/exposed-header.xml"),
            &[
                ":3:5: rule 1, AllowedOrigins: did you mean `AllowedOrigin`?\n",
                ":5:5: rule 1, ExposedHeader: did you mean `ExposeHeader`?\n",
            ],
        ),
        (
            "r2",
            include_str!("documents/forms/r2-two-forms-mixed.json"),
            &[
                ":4:7: rule 1, AllowedOrigins: did you mean `origins` in `allowed`?\n",
                ":5:7: rule 1, AllowedMethods: did you mean `methods` in `allowed`?\n",
                ":6:7: rule 1, AllowedHeaders: did you mean `headers` in `allowed`?\n",
                ":7:7: rule 1, MaxAgeSeconds: did you mean `maxAgeSeconds`?\n",
            ],
        ),
        (
            "s3",
            include_str!("documents/forms/method-star.xml"),
            &[
                ":4:5: rule 1, AllowedMethod `*`: use GET, PUT, POST, DELETE or HEAD; there is no `*` on s3\n",
                ":5:5: rule 1, AllowedMethod `OPTIONS`: use GET, PUT, POST, DELETE or HEAD; OPTIONS needs no rule\n",
            ],
        ),
        (
            "s3",
            include_str!("documents/forms/typographic-quotes.json"),
            &[":3:5: write straight quotes, `\"`; this quote is typographic\n"],
        ),
        (
            "s3",
            include_str!("documents/forms/trailing-comma.json"),
            &[":4:32: remove the comma; nothing comes after it\n"],
        ),
        (
            "gcs",
            include_str!("documents/forms/comment-first.json"),
            &[":1:1: remove the comment; JSON has no comments\n"],
        ),
    ] {
        let (status, _, errors) = run(&["parse", "-", "--dialect", dialect], text);
        assert_eq!(status, 1, "{errors}");
        for line in expected {
            assert!(errors.contains(line), "{errors}\n{line}");
        }
        // Nothing else is reported.
        let reported = errors.matches("standard input:").count();
        assert_eq!(reported, expected.len(), "{errors}");
    }
}

#[test]
fn a_document_for_another_provider_is_named_first_even_if_it_is_not_valid() {
    let with_id = S3_XML.replace("<AllowedOrigin>", "<ID>uploads</ID><AllowedOrigin>");
    let not_valid = with_id.replace("GET", "PATCH");
    for (text, dialect, first) in [
        (
            S3_XML,
            "gcs",
            "this is S3, XML; use --dialect s3, or --from s3\n",
        ),
        (
            &with_id,
            "oss",
            "this is S3, XML; use --dialect s3, or --from s3\n",
        ),
        (
            &not_valid,
            "oss",
            "this looks like S3, XML; use --dialect s3, or --from s3\n",
        ),
        (
            TERRAFORM,
            "oss",
            "this is S3, Terraform; use --dialect s3, or --from terraform\n",
        ),
        (
            TERRAFORM,
            "gcs",
            "this is S3, Terraform; use --dialect s3, or --from terraform\n",
        ),
        (
            CLOUDFORMATION,
            "azure",
            "this is S3, CloudFormation; use --dialect s3, or --from cloudformation\n",
        ),
        (
            include_str!("documents/forms/bos.json"),
            "gcs",
            "this is Baidu BOS, JSON, as S3 would read it; use --dialect s3\n",
        ),
    ] {
        let (status, _, errors) = run(&["parse", "-", "--dialect", dialect], text);
        let first = format!("cors: standard input: {first}      standard input:");
        assert!(
            status == 1 && errors.starts_with(&first),
            "{errors}\n{first}"
        );
    }
    // A document of S3 that OSS accepts too is not remarked on.
    let (status, _, errors) = run(&["parse", "-", "--dialect", "oss"], S3_XML);
    assert_eq!((status, errors.as_str()), (0, ""));
    // The root is named.
    let (_, _, errors) = run(&["parse", "-", "--dialect", "gcs"], S3_XML);
    assert!(errors.contains(":1:1: CORSConfiguration: the root of gcs is `CorsConfig`\n"));
    // The form of the command line is not that of the text.
    let (status, _, errors) = run(
        &["convert", "-", "--from", "s3", "--to", "s3-json"],
        TERRAFORM,
    );
    let first =
        "cors: standard input: this is S3, Terraform; use --dialect s3, or --from terraform\n";
    assert!(status == 1 && errors.starts_with(first), "{errors}");
}

#[test]
fn what_people_paste_is_written() {
    let convert_from = |from: &str, to: &str| {
        let (status, out, errors) = run(&["convert", "-", "--from", from, "--to", to], S3_XML);
        assert_eq!((status, errors.as_str()), (0, ""));
        out
    };
    let convert = |to: &str| convert_from("s3", to);
    assert_eq!(
        convert("s3-console"),
        r#"[
  {
    "AllowedOrigins": ["https://app.example.com"],
    "AllowedMethods": ["GET"]
  }
]
"#
    );
    assert_eq!(
        convert("cloudformation"),
        r#"CorsConfiguration:
  CorsRules:
    - AllowedOrigins: ["https://app.example.com"]
      AllowedMethods: ["GET"]
"#
    );
    assert_eq!(
        convert("terraform"),
        r#"resource "aws_s3_bucket_cors_configuration" "bucket" {
  bucket = aws_s3_bucket.bucket.id

  cors_rule {
    allowed_origins = ["https://app.example.com"]
    allowed_methods = ["GET"]
  }
}
"#
    );
    assert_eq!(
        convert_from("oss", "oss-json"),
        r#"{
  "CORSRule": [
    {
      "AllowedOrigin": ["https://app.example.com"],
      "AllowedMethod": ["GET"]
    }
  ],
  "ResponseVary": false
}
"#
    );
    let (status, out, errors) = run(
        &["convert", "-", "--from", "azure-cli", "--to", "azure-json"],
        AZURE_CLI,
    );
    assert_eq!((status, errors.as_str()), (0, ""));
    assert!(out.contains(r#""allowedMethods": ["GET", "PUT"]"#), "{out}");
}
