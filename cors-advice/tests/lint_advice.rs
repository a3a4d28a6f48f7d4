//! What lint advises is followed: the finding is gone, the document is accepted in every form, and
//! who could read still can, unless the advice says otherwise.

#![allow(clippy::unwrap_used, reason = "a test may stop at a broken promise")]

use cors_advice::browser::{Page, judge};
use cors_advice::edit::Draft;
use cors_advice::lint::{Finding, LintCode, Severity, lint};
use cors_core::{Configuration, Field, RuleBuf};
use cors_xml::Provider;

/// Lists of origins with findings, alone and beside each other.
const ORIGINS: [&[&str]; 33] = [
    &["https://a.example/"],
    &["https://a.example/app", "https://a.example"],
    &["https://A.example:443"],
    &[
        "a.example",
        "localhost:3000",
        "https:/b.example",
        "//c.example",
    ],
    &["Null", "https://a.example"],
    &["null"],
    &["https://a.example", "null"],
    &["\"https://a.example\"", ">https://b.example"],
    &["https://a.example'"],
    &["https://a.example:0443", "https://b.example:08443"],
    &["https://[2001:db8:0:0:0:0:0:1]"],
    &[
        "https://a.example,https://b.example",
        "https://c.example, d.example",
    ],
    &["https://user@a.example?x"],
    &["http://a.example", "https://a.example"],
    &["http://a.example", "https://b.example"],
    &["https://app.a.example", "*.a.example"],
    &["*.a.example"],
    &["*a.example"],
    &["https://*a.example"],
    &["*://a.example"],
    &["https://a.example", "https://a.example"],
    &["*", "https://a.example"],
    &["https://*.a.example", "https://x.a.example"],
    &["https://(www|app).a.example"],
    &["https://b..a.example"],
    &["http://localhost:3000-3010"],
    &["https://*.com"],
    &["https://*.vercel.app"],
    &["moz-extension://*"],
    &["https://*"],
    &["https://a.example*"],
    &["https://b\u{fc}cher.example"],
    &["*"],
];

/// Methods, headers, exposed headers and a max age.
type Others = (
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
    Option<i32>,
);

/// Those with findings.
const OTHERS: [Others; 8] = [
    (&["GET"], &[], &[], None),
    (&["PUT"], &[], &[], None),
    (
        &["GET", "PUT", "GET"],
        &["content-type,x-a", "x-b"],
        &["ETag", "etag"],
        Some(0),
    ),
    (
        &["GET"],
        &["Cookie", "Accept", "x-a", "x-*", "X-A"],
        &["Set-Cookie"],
        Some(3600),
    ),
    (
        &["GET"],
        &["*"],
        &["Content-Type", "Access-Control-Allow-Origin"],
        Some(-1),
    ),
    (&["GET", "get"], &["two words"], &["ETag"], Some(60)),
    (&["GET", "HEAD", "*"], &[], &["ETag"], Some(60)),
    (&["POST"], &["*", "content-type"], &["ETag"], Some(600)),
];

const PAGES: [&str; 10] = [
    "https://a.example",
    "http://a.example",
    "https://x.a.example",
    "http://x.a.example",
    "https://evila.example",
    "https://b.example",
    "https://b.com",
    "http://localhost:3000",
    "moz-extension://1b1b1b1b-0000-4000-8000-000000000000",
    "null",
];

const METHODS: [&str; 3] = ["GET", "PUT", "POST"];

const HEADERS: [&[&str]; 3] = [&[], &["content-type"], &["accept: a\"b"]];

fn drafts() -> impl Iterator<Item = Draft> {
    let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
    ORIGINS.into_iter().flat_map(move |origins| {
        OTHERS
            .into_iter()
            .flat_map(move |(methods, headers, exposed, age)| {
                let rule = RuleBuf {
                    allowed_origins: texts(origins),
                    allowed_methods: texts(methods),
                    allowed_headers: texts(headers),
                    expose_headers: texts(exposed),
                    max_age_seconds: age,
                    ..RuleBuf::default()
                };
                let general = RuleBuf {
                    allowed_origins: texts(&["https://a.example"]),
                    allowed_methods: texts(&["GET"]),
                    ..RuleBuf::default()
                };
                let one = vec![rule.clone()];
                [one, vec![general, rule]].map(|rules| Draft {
                    rules,
                    response_vary: false,
                })
            })
    })
}

/// Which of the pages can read, and whether the document is valid in each form.
fn state(draft: &Draft, provider: &Provider) -> Option<(Vec<bool>, Vec<bool>)> {
    let image = draft.compile(&provider.dialect).ok()?;
    let mut can_read = Vec::new();
    for origin in PAGES {
        for method in METHODS {
            for headers in HEADERS {
                let page = Page::new(origin, method).unwrap();
                let with = |page: Page, header: &&str| page.with_header(header).unwrap();
                let page = headers.iter().fold(page, with);
                can_read.push(judge(&image.as_policy(), provider, &page).is_ok());
            }
        }
    }
    let is_valid = provider.forms().map(|form| {
        let mut text = String::new();
        let written = draft.with_configuration(&provider.dialect, |configuration| {
            form.write(configuration, &mut text)
        });
        written.is_ok() && form.parse(text.as_bytes()).is_ok()
    });
    Some((can_read, is_valid.collect()))
}

fn findings(draft: &Draft, provider: &Provider) -> Vec<(Finding, String)> {
    draft.with_configuration(&provider.dialect, |configuration| {
        let value = |finding: &Finding| value_of(configuration, finding);
        lint(configuration)
            .map(|finding| (finding, value(&finding)))
            .collect()
    })
}

/// The value that a finding is about, or the name of the member.
fn value_of(configuration: &Configuration<'_>, finding: &Finding) -> String {
    let rule = configuration.rules.get(finding.rule).unwrap();
    let list = match finding.field {
        Some(Field::AllowedOrigin) => rule.allowed_origins,
        Some(Field::AllowedMethod) => rule.allowed_methods,
        Some(Field::AllowedHeader) => rule.allowed_headers,
        Some(Field::ExposeHeader) => rule.expose_headers,
        other => return format!("{other:?}"),
    };
    match finding.item {
        Some(item) => list.iter().nth(item).unwrap().to_owned(),
        None => format!("{:?}", finding.field),
    }
}

/// The errors of single values: what is left of a rule may be what another rule has.
fn errors(findings: &[(Finding, String)]) -> usize {
    let is_error = |(finding, _): &&(Finding, String)| {
        finding.severity() == Severity::Error && finding.code != LintCode::UnreachableRule
    };
    findings.iter().filter(is_error).count()
}

#[test]
fn followed_advice_ends_the_finding_and_keeps_readers() {
    // The providers share the processors.
    let results: Vec<_> = std::thread::scope(|scope| {
        let threads = Provider::ALL.map(|provider| scope.spawn(|| follow_advice_of(provider)));
        threads.map(|thread| thread.join().unwrap()).into()
    });
    let faults: Vec<_> = results.iter().flat_map(|(_, faults)| faults).collect();
    assert!(
        faults.is_empty(),
        "{}: {:#?}",
        faults.len(),
        faults.get(..40.min(faults.len()))
    );
    let followed: u32 = results.iter().map(|(followed, _)| followed).sum();
    assert!(followed > 1_000, "only {followed} changes");
}

/// Follows all advice about the drafts: how many changes that were, and what went wrong.
fn follow_advice_of(provider: &Provider) -> (u32, Vec<String>) {
    let mut followed = 0;
    let mut faults = Vec::new();
    for draft in drafts() {
        let mut draft = draft;
        let Some(mut before) = state(&draft, provider) else {
            continue;
        };
        // Each change ends a finding, and a value has few.
        for _ in 0..40 {
            let found = findings(&draft, provider);
            let edits = draft.with_configuration(&provider.dialect, |configuration| {
                let edit = |(finding, _): &(Finding, String)| finding.edit(configuration);
                found.iter().map(edit).collect::<Vec<_>>()
            });
            let Some((index, edit)) = edits
                .into_iter()
                .enumerate()
                .find_map(|(index, edit)| Some((index, edit?)))
            else {
                break;
            };
            let (finding, value) = found.get(index).unwrap();
            let case = format!("{}: {finding}: {value}: {edit:?}: {draft:?}", provider.name);
            let mut check = |holds: bool, fault: &str| {
                if !holds {
                    faults.push(format!("{fault}: {case}"));
                }
            };
            check(draft.apply(&edit), "not carried out");
            followed += 1;
            for form in provider.forms() {
                check(!edit.in_form(form).to_string().is_empty(), "not shown");
            }

            let left = findings(&draft, provider);
            let count = |found: &[(Finding, String)]| {
                let is_same = |(other, text): &&(Finding, String)| {
                    other.code == finding.code && text == value
                };
                found.iter().filter(is_same).count()
            };
            check(count(&left) < count(&found), "stays reported");
            check(errors(&left) <= errors(&found), "more errors");

            let after = state(&draft, provider);
            check(after.is_some(), "not valid any more");
            let Some(after) = after else { break };
            let says_so = finding.code.hint().contains("can then no longer read");
            let keeps = before
                .0
                .iter()
                .zip(&after.0)
                .all(|(before, after)| !before || *after);
            check(keeps || says_so, "a page is kept out");
            let stays = before
                .1
                .iter()
                .zip(&after.1)
                .all(|(before, after)| !before || *after);
            check(stays, "a form refuses it");
            before = after;
        }
        let left = findings(&draft, provider);
        draft.with_configuration(&provider.dialect, |configuration| {
            for (finding, value) in left {
                assert_eq!(finding.edit(configuration), None, "{finding}: {value}");
            }
        });
    }
    (followed, faults)
}
