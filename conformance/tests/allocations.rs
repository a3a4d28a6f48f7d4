//! Nothing is allocated from compiling to rendered headers. One test in the file, as the counter is the process's.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use cors_core::{Configuration, Dialect, List, Policy, PolicyBuf, Request, Rule, check};

struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: hands every call on to the system's allocator, unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

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

    let before = ALLOCATIONS.load(Ordering::Relaxed);
    let control = Vec::<u8>::with_capacity(1);
    assert_eq!(
        ALLOCATIONS.load(Ordering::Relaxed),
        before + 1,
        "the counter counts"
    );
    drop(control);

    let before = ALLOCATIONS.load(Ordering::Relaxed);
    let configuration = Configuration::new(&Dialect::S3, &rules);
    let errors = check(&configuration).count();
    let owner = PolicyBuf::<1024>::compile(&configuration).unwrap();
    let policy = Policy::from_bytes(owner.as_bytes()).unwrap();
    let decision = policy.decide(&request);
    let mut rendered = [0; 256];
    let mut length = 0;
    for (_, value) in decision.headers().iter() {
        length += value.write_to(&mut rendered[length..]).unwrap();
    }
    let matched = policy
        .explain(&request)
        .rules()
        .filter(cors_core::RuleExplanation::is_match)
        .count();
    let after = ALLOCATIONS.load(Ordering::Relaxed);

    assert_eq!(after - before, 0);
    assert_eq!(
        (errors, matched, decision.grant().unwrap().rule_index()),
        (0, 1, 0)
    );
    assert_eq!(&rendered[..length], b"https://x.a.exampletrueGET, PUTx-a, content-type, x-bETag60Origin, Access-Control-Request-Headers, Access-Control-Request-Method");
}
