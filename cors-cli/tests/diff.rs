//! `cors diff`: which pages gain and lose access, with examples that `cors explain` confirms.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at a broken promise"
)]

mod program;

use serde_json::Value;

use program::run;

#[test]
fn diff_reports_gains_and_losses_with_true_examples() {
    let directory = std::env::temp_dir().join(format!("cors-diff-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let path = |name: &str, rule: &str| {
        let path = directory.join(name);
        let text = format!("<CORSConfiguration><CORSRule>{rule}</CORSRule></CORSConfiguration>");
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let old = path(
        "old.xml",
        "<AllowedOrigin>https://*.a.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedHeader>x-*</AllowedHeader>",
    );
    let new = path(
        "new.xml",
        "<AllowedOrigin>https://app.a.example</AllowedOrigin><AllowedOrigin>https://b.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedHeader>*</AllowedHeader>",
    );
    let (status, out, _) = run(&["diff", &old, &new], "");
    assert_eq!(status, 1);
    let expected = "\
- GET from https://*.a.example: refused, was granted by old rule 1, for example https://a.b.a.example
+ GET from https://*.a.example with zq7x9: granted by new rule 1, for example https://app.a.example
+ GET from https://app.a.example with zq7x9: granted by new rule 1, for example https://app.a.example
+ GET from https://b.example: granted by new rule 1, for example https://b.example
newly granted: 3, newly refused: 1
";
    assert_eq!(out, expected);
    // `cors explain` confirms it.
    let verdict = |config: &str, origin: &str| {
        run(
            &["explain", config, "--origin", origin, "--method", "GET"],
            "",
        )
        .0
    };
    assert_eq!(
        (
            verdict(&old, "https://a.b.a.example"),
            verdict(&new, "https://a.b.a.example")
        ),
        (0, 1)
    );
    assert_eq!(
        (
            verdict(&old, "https://b.example"),
            verdict(&new, "https://b.example")
        ),
        (1, 0)
    );
    let (status, out, _) = run(&["diff", &old, &old], "");
    assert_eq!(
        (status, out.as_str()),
        (0, "newly granted: 0, newly refused: 0\n")
    );
    let (_, out, _) = run(&["diff", &old, &new, "--json"], "");
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["changes"].as_array().unwrap().len(), 4);
    assert_eq!(run(&["diff", "-", "-"], "").0, 2);
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn diff_reports_credentials_gained_and_lost() {
    let directory =
        std::env::temp_dir().join(format!("cors-diff-credentials-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let path = |name: &str, origin: &str| {
        let path = directory.join(name);
        let text = format!(
            "<CORSConfiguration><CORSRule><AllowedOrigin>{origin}</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>"
        );
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let old = path("old.xml", "https://a.example");
    let new = path("new.xml", "*");
    let (status, out, _) = run(&["diff", &old, &new, "--dialect", "s3"], "");
    let expected = "\
+ GET from *: granted by new rule 1, for example https://zq7x9.example
- GET from https://a.example with credentials: refused, was granted by old rule 1, for example https://a.example
newly granted: 1, newly refused: 1
";
    assert_eq!((status, out.as_str()), (1, expected));
    let (_, out, _) = run(&["diff", &old, &new, "--dialect", "s3", "--json"], "");
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["changes"][1]["credentials"], true);
    // OSS never allows credentials.
    let (_, out, _) = run(&["diff", &old, &new], "");
    assert!(!out.contains("credentials"), "{out}");
    std::fs::remove_dir_all(&directory).unwrap();
}
