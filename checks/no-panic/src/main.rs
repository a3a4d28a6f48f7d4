//! Links only if no panic is reachable: the panic handler calls a function that does not exist. It
//! has neither an allocator nor std, so it also proves that nothing is allocated.
#![no_std]
#![no_main]

use core::fmt::{self, Write};
use core::hint::black_box;
use core::panic::PanicInfo;

use cors_advice::lint::lint;
use cors_core::dialect::MethodSet;
use cors_core::{
    Configuration, Dialect, Header, List, MAX_HEADERS, Pattern, Policy, PolicyBuf, Request, Rule,
    check, compile, is_token,
};

unsafe extern "C" {
    /// Defined nowhere.
    fn a_panic_can_be_reached() -> !;
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    // SAFETY: never runs, because a program with this call does not link.
    unsafe { a_panic_can_be_reached() }
}

/// Every public entry point, with values that are opaque to the optimiser.
#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    let text: &[&str] = black_box(&["https://*.a.example", "*"]);
    let names: &[&str] = black_box(&["GET", "x-a"]);
    let rules = [Rule {
        id: black_box(Some("id")),
        allowed_origins: List::new(text),
        allowed_methods: List::new(names),
        allowed_headers: List::new(text),
        expose_headers: List::new(names),
        max_age_seconds: black_box(Some(1)),
        allow_credentials: black_box(false),
    }];
    let rules: &[Rule<'_>] = black_box(&rules);
    let dialect: &Dialect = black_box(Dialect::ALL[0]);
    let configuration = Configuration {
        response_vary: black_box(true),
        ..Configuration::new(dialect, rules)
    };
    let mut found = 0;
    for error in check(&configuration) {
        found ^= shown(&error) ^ error.field.map_or(0, |field| field.name().len());
    }
    for finding in lint(&configuration) {
        let code = finding.code;
        found ^= finding.rule ^ code.hint().len() ^ code.summary().len() ^ code.id().len();
        found ^= shown(&finding) ^ shown(&code);
        black_box(finding.severity());
    }

    let mut buffer = [0; 4096];
    if let Ok(policy) = compile(&configuration, black_box(&mut buffer)) {
        found ^= answer(&policy);
    }
    if let Ok(owner) = PolicyBuf::<512>::compile(&configuration) {
        found ^= answer(&owner.as_policy());
        found ^= owner.as_bytes().len();
    }
    let image: &[u8] = black_box(&[0; 64]);
    for policy in [Policy::from_bytes, Policy::from_checked_bytes].map(|read| read(image)) {
        found ^= match policy {
            Ok(policy) => answer(&policy),
            Err(error) => shown(&error),
        };
    }
    let bytes: &[u8] = black_box(b"x");
    found ^= usize::from(is_token(bytes)) ^ usize::from(black_box(MethodSet::Five).contains(bytes));
    if let Some(pattern) = Pattern::parse(text.first().copied().unwrap_or_default()) {
        found ^=
            usize::from(pattern.matches(bytes)) ^ usize::from(pattern.matches_ignoring_case(bytes));
        found ^= usize::from(pattern.covers(&pattern)) ^ usize::from(pattern.overlaps(&pattern));
        found ^= usize::from(pattern.covers_ignoring_case(&pattern));
    }
    #[cfg(feature = "planted")]
    {
        found ^= usize::from(bytes[black_box(7)]);
    }
    i32::from(black_box(found) > 7)
}

fn answer(policy: &Policy<'_>) -> usize {
    let request = Request {
        method: black_box(b"OPTIONS"),
        origin: black_box(Some(b"https://a.example")),
        access_control_request_method: black_box(Some(b"PUT")),
        access_control_request_headers: black_box(&[b"x-a, x-b"]),
    };
    let decision = policy.decide(&request);
    let mut found = policy.len() ^ policy.as_bytes().len() ^ usize::from(policy.response_vary());
    let mut out = [0; 64];
    let headers = decision.headers();
    for (header, value) in headers.iter() {
        found ^= header.name().len()
            ^ value.encoded_len()
            ^ value.write_to(black_box(&mut out)).unwrap_or(0);
        found ^= value.as_str().map_or(0, str::len) ^ value.as_bytes().map_or(0, <[u8]>::len);
        found ^= shown(&value);
    }
    found ^= headers.len() ^ usize::from(headers.is_empty());
    decision.for_each_header(|header, value| {
        black_box((header, value.source()));
    });
    let mut slots = [Header::EMPTY; MAX_HEADERS];
    let stored = decision.headers_into(&mut slots, black_box(&mut out));
    found ^= stored.map_or(0, <[Header<'_>]>::len);
    if let Some(grant) = decision.grant() {
        found ^=
            grant.rule_index() ^ grant.allow_origin().len() ^ grant.rule_id().map_or(0, str::len);
        found ^= usize::from(grant.allows_any_origin());
        black_box(grant.max_age_seconds());
    }
    black_box((decision.refusal(), decision.outcome(), policy.evaluation()));
    found ^= request.requested_names().map(<[u8]>::len).sum::<usize>();
    let explanation = policy.explain(&request);
    black_box((explanation.decision(), explanation.effective_method()));
    for rule in explanation.rules() {
        found ^= rule.rule_index ^ usize::from(rule.is_match());
    }
    for rule in policy.rules() {
        for list in [
            rule.allowed_origins,
            rule.allowed_methods,
            rule.allowed_headers,
            rule.expose_headers,
        ] {
            found ^= list.iter().map(str::len).sum::<usize>() ^ usize::from(list.is_empty());
        }
        found ^= rule.id.map_or(0, str::len);
        black_box((rule.max_age_seconds, rule == Rule::EMPTY));
    }
    for (name, range) in policy.parts() {
        found ^= name.len() ^ range.len();
    }
    black_box(out);
    found ^ usize::from(policy.is_empty())
}

/// The length of a value's `Display`. `Debug` is for debugging only, and is not proved.
fn shown(value: &impl fmt::Display) -> usize {
    struct Length(usize);

    impl Write for Length {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0 = self.0.wrapping_add(text.len());
            Ok(())
        }
    }

    let mut length = Length(0);
    black_box(write!(length, "{value}").is_ok());
    length.0
}
