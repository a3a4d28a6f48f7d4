//! Everything that the report measures, by name.

use std::hint::black_box;

use cors_core::{Header, MAX_HEADERS, Policy};
use cors_xml::Document;

use crate::cases::{
    self, Answer, Case, EXACT_10, EXACT_100, MIXED, ONE, Setup, THREE_NAMES, actual, configuration,
    exact, mixed, spread, text,
};
use crate::documents;
use crate::field::{self, Asked};
use crate::floor;
use crate::hostile;
use crate::measure::Subject;
use crate::naive::{self, SplitRule};
use crate::render;

/// All of them.
pub fn all() -> Vec<Subject> {
    let mut subjects: Vec<Subject> = cases::decide().iter().map(decide).collect();
    subjects.extend(hostile::requests().iter().map(decide));
    subjects.extend(hostile::configurations().iter().map(decide));
    subjects.extend(field());
    subjects.extend(stored());
    subjects.extend(floors());
    subjects.extend(naive());
    subjects.extend(rendered());
    subjects.extend(compiled());
    subjects.extend(parsed());
    subjects.extend(curve());
    #[cfg(feature = "rivals")]
    subjects.extend(crate::rivals::subjects(&CURVE));
    subjects
}

/// The numbers of patterns of the growth curve.
pub const CURVE: [usize; 7] = [1, 3, 10, 30, 100, 300, 1000];

fn decide(case: &Case) -> Subject {
    let policy = case.setup.policy;
    Subject::each(
        format!("ours/{}", case.name),
        case.questions.clone(),
        move |question| policy.decide(&question.request),
        |question, decision| Answer::of(decision) == question.answer,
    )
}

/// The program for the one configuration, asked the same as the engine.
fn floors() -> Vec<Subject> {
    let wanted = [
        "actual/one",
        "preflight3/one",
        "preflight3/one/exact-names",
        "preflight10/one",
    ];
    let cases = cases::decide().into_iter();
    let cases = cases.filter(|case| wanted.contains(&case.name.as_str()));
    let direct = cases.map(|case| {
        Subject::each(
            format!("floor/direct/{}", case.name),
            case.questions,
            |question| floor::first_match(&question.request),
            |question, found| found.map(Answer::Granted) == Some(question.answer),
        )
    });
    direct.collect()
}

/// Decided, and the headers stored in the caller's array and buffer: what a server does that has no header map.
fn stored() -> Vec<Subject> {
    let wanted = ["actual/one", "preflight3/one", "no-origin"];
    let cases = cases::decide().into_iter();
    let cases = cases.filter(|case| wanted.contains(&case.name.as_str()));
    let stored = cases.map(|case| {
        let (policy, request) = (case.setup.policy, case.questions[0].request);
        let mut buffer = vec![0; 1024];
        let store = move || {
            let mut headers = [Header::EMPTY; MAX_HEADERS];
            let decision = policy.decide(black_box(&request));
            let stored = decision.headers_into(&mut headers, black_box(&mut buffer));
            black_box(stored).map(|headers| headers.iter().map(|header| header.value.len()).sum())
        };
        let headers = policy.decide(&request).headers();
        let bytes: usize = headers.iter().map(|(_, value)| value.encoded_len()).sum();
        Subject::new(
            format!("ours/stored/{}", case.name),
            store,
            move |stored: &Option<usize>| *stored == Some(bytes),
        )
    });
    stored.collect()
}

/// Many buckets, asked at random: with views that were kept, and as a gateway does that finds bytes.
fn field() -> Vec<Subject> {
    let ask = |name: &str, policy: fn(&Asked) -> Policy<'static>| {
        Subject::each(
            name,
            field::questions(),
            move |asked| policy(asked).decide(&asked.question.request),
            |asked, decision| Answer::of(decision) == asked.question.answer,
        )
    };
    vec![
        ask("ours/field", |asked| asked.policy),
        ask("ours/field/viewed-each-time", |asked| {
            Policy::from_checked_bytes(asked.policy.as_bytes())
                .expect("an image that was read before")
        }),
    ]
}

fn naive() -> Vec<Subject> {
    let walk = |name: String, setup: Setup, questions: Vec<cases::Question>| {
        Subject::each(
            name,
            questions,
            move |question| naive::first_match(setup.rules, &question.request),
            |question, found| found.map(Answer::Granted) == Some(question.answer),
        )
    };
    let wanted = [
        "actual/one",
        "actual/mixed-1000x100",
        "actual/mixed-1000x100/anywhere",
    ];
    let of_cases = cases::decide()
        .into_iter()
        .filter(|case| wanted.contains(&case.name.as_str()));
    let of_cases = of_cases.flat_map(|case| {
        let split = SplitRule::split(case.setup.rules);
        let questions = case.questions.clone();
        [
            walk(format!("naive/{}", case.name), case.setup, case.questions),
            Subject::each(
                format!("naive-split/{}", case.name),
                questions,
                move |question| SplitRule::first_match(&split, &question.request),
                |question, found| found.map(Answer::Granted) == Some(question.answer),
            ),
        ]
    });
    let of_curve = CURVE.into_iter().flat_map(|count| {
        let setup = Setup::new(spread(1, count, exact));
        let question = cases::Question {
            request: actual(text(exact(count - 1))),
            answer: Answer::Granted(0),
        };
        let split = SplitRule::split(setup.rules);
        [
            walk(format!("naive/actual/exact-{count}"), setup, vec![question]),
            Subject::each(
                format!("naive-split/actual/exact-{count}"),
                vec![question],
                move |question| SplitRule::first_match(&split, &question.request),
                |question, found| found.map(Answer::Granted) == Some(question.answer),
            ),
        ]
    });
    of_cases.chain(of_curve).collect()
}

/// The points of the growth curve that the cases do not have.
fn curve() -> Vec<Subject> {
    let point = |name: String, setup: Setup, origin: String| {
        let question = cases::Question {
            request: actual(text(origin)),
            answer: Answer::Granted(0),
        };
        decide(&Case {
            name,
            setup,
            questions: vec![question],
        })
    };
    let exact_points = [1, 3, 30, 300].map(|count| {
        point(
            format!("actual/exact-{count}"),
            Setup::new(spread(1, count, exact)),
            exact(count - 1),
        )
    });
    let mixed_points = CURVE.map(|count| {
        let last = (count - 1) / 3 * 3;
        let name = format!("actual/mixed-{count}/wildcard");
        point(
            name,
            Setup::new(spread(1, count, mixed)),
            cases::mixed_origin(last),
        )
    });
    exact_points.into_iter().chain(mixed_points).collect()
}

fn rendered() -> Vec<Subject> {
    let questions = [
        ("actual/exact-10", *EXACT_10, actual(text(exact(9)))),
        ("actual/exact-100", *EXACT_100, actual(text(exact(99)))),
        (
            "preflight3/one",
            *ONE,
            cases::preflight(text(exact(0)), THREE_NAMES),
        ),
    ];
    let mut subjects = Vec::new();
    for (name, setup, request) in questions {
        let policy = setup.policy;
        let is_right = move |text: &[u8]| {
            let origin = request.origin.unwrap_or_default();
            text.windows(origin.len()).any(|window| window == origin)
        };
        // Decide and write together, as a server does.
        let mut buffer = vec![0; 1024];
        let expected = render::http1(&policy.decide(&request), &mut buffer);
        assert!(is_right(&buffer[..expected]), "{name}");
        subjects.push(Subject::new(
            format!("ours/http1/{name}"),
            move || {
                let decision = policy.decide(black_box(&request));
                render::http1(&decision, black_box(&mut buffer))
            },
            |length| *length == expected,
        ));
        subjects.push(Subject::new(
            format!("ours/header-map/{name}"),
            move || render::header_map(&policy.decide(black_box(&request))),
            |map| {
                map.get("access-control-allow-origin")
                    .is_some_and(|value| is_right(value.as_bytes()))
            },
        ));
    }
    subjects
}

fn compiled() -> Vec<Subject> {
    let mut subjects = Vec::new();
    for (name, setup) in [
        ("one", *ONE),
        ("exact-100", *EXACT_100),
        ("mixed-1000x100", *MIXED),
    ] {
        let image = setup.policy.as_bytes();
        subjects.push(Subject::new(
            format!("ours/from-bytes/{name}"),
            move || Policy::from_bytes(black_box(image)),
            |policy| policy.is_ok_and(|policy| policy.len() == setup.rules.len()),
        ));
        let mut buffer = vec![0; image.len() * 2 + 1024];
        subjects.push(Subject::new(
            format!("ours/compile/{name}"),
            move || {
                let configuration = configuration(black_box(setup.rules));
                cors_core::compile(&configuration, &mut buffer)
                    .map(|policy| policy.as_bytes().len())
            },
            |length| *length == Ok(image.len()),
        ));
        subjects.push(Subject::new(
            format!("ours/check/{name}"),
            move || cors_core::check(&configuration(black_box(setup.rules))).count(),
            |errors| *errors == 0,
        ));
    }
    subjects
}

fn parsed() -> Vec<Subject> {
    let mut subjects = Vec::new();
    for (name, provider, document) in documents::all() {
        let events = documents::count_events(document);
        subjects.push(Subject::new(
            format!("xml/quick-xml-{name}"),
            move || documents::count_events(black_box(document)),
            |count| *count == events,
        ));
        let parse = move || {
            Document::parse(provider, black_box(document.as_bytes())).expect("a valid document")
        };
        let rules = document.matches("<CORSRule>").count();
        subjects.push(Subject::new(
            format!("xml/parse-{name}"),
            parse,
            |document| {
                document.with_configuration(|configuration| configuration.rules.len()) == rules
            },
        ));
        subjects.push(Subject::new(
            format!("xml/to-image-{name}"),
            move || parse().compile().expect("rules within the limits"),
            |image| image.as_policy().len() == rules,
        ));
    }
    subjects
}
