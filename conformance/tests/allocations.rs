//! Nothing is allocated from compiling to rendered headers.

use allocation_counter::measure;
use cors_core::{
    Configuration, Dialect, Grant, Header, List, MAX_HEADERS, Policy, PolicyBuf, Request, Rule,
    check,
};

#[test]
fn nothing_is_allocated_from_compiling_to_rendered_headers() {
    let rules = [
        Rule {
            allowed_origins: List::new(&["https://*.a.example", "https://b.example"]),
            allowed_methods: List::new(&["GET", "PUT"]),
            allowed_headers: List::new(&["x-*", "content-type"]),
            expose_headers: List::new(&["ETag"]),
            max_age_seconds: Some(60),
            ..Rule::EMPTY
        },
        Rule {
            allowed_origins: List::new(&["*"]),
            allowed_methods: List::new(&["GET"]),
            ..Rule::EMPTY
        },
    ];
    let request = Request {
        method: b"OPTIONS",
        origin: Some(b"https://x.a.example"),
        access_control_request_method: Some(b"PUT"),
        access_control_request_headers: &[b"X-A, content-type", b"x-b"],
    };

    let control = measure(|| drop(std::hint::black_box(Vec::<u8>::with_capacity(1))));
    assert_eq!(control.count_total, 1, "allocations are counted");

    let mut rendered = [0; 256];
    let mut length = 0;
    let mut found = None;
    let mut stored = None;
    let allocated = measure(|| {
        let configuration = Configuration::new(&Dialect::S3, &rules);
        let errors = check(&configuration).count();
        let owner = PolicyBuf::<1024>::compile(&configuration).unwrap();
        let policy = Policy::from_bytes(owner.as_bytes()).unwrap();
        let decision = policy.decide(&request);
        for (_, value) in decision.headers().iter() {
            length += value.write_to(&mut rendered[length..]).unwrap();
        }
        let (mut slots, mut buffer) = ([Header::EMPTY; MAX_HEADERS], [0; 64]);
        stored = decision
            .headers_into(&mut slots, &mut buffer)
            .map(<[_]>::len);
        let matched = policy
            .explain(&request)
            .rules()
            .filter(cors_core::RuleExplanation::is_match)
            .count();
        found = Some((errors, matched, decision.grant().map(Grant::rule_index)));
    });

    assert_eq!(allocated.count_total, 0);
    assert_eq!(found, Some((0, 1, Some(0))));
    assert_eq!(stored, Some(7));
    assert_eq!(&rendered[..length], b"https://x.a.exampletrueGET, PUTx-a, content-type, x-bETag60Origin, Access-Control-Request-Headers, Access-Control-Request-Method");
}
