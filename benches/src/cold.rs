//! Decisions over more images than a cache holds, each found at random.

use std::hint::black_box;
use std::time::Instant;

use cors_core::{Configuration, Dialect, List, Policy, Request, Rule, compile};

use crate::cases::{HEADERS, METHODS};
use crate::field::Random;

/// A number of images, and what a question costs among them; nanoseconds.
pub struct Cold {
    /// The number of images.
    pub images: usize,
    /// Their bytes.
    pub bytes: usize,
    /// Finding one and reading its first byte, each after the one before.
    pub read: f64,
    /// Viewing one and deciding an actual request.
    pub actual: f64,
    /// Viewing one and deciding a preflight with one name.
    pub preflight: f64,
}

/// The number of questions.
const QUESTIONS: usize = 1 << 20;

/// Measures a thousand images, then ever more up to a number of bytes.
pub fn all(bytes: usize) -> Vec<Cold> {
    let mut images = images(bytes);
    let mut counts = vec![images.len()];
    while counts[counts.len() - 1] > 10_000 {
        counts.push(counts[counts.len() - 1] / 10);
    }
    let measured = counts.into_iter().map(|count| {
        images.truncate(count);
        cold(&images)
    });
    let mut all: Vec<Cold> = measured.collect();
    all.reverse();
    all
}

/// Images of one rule with an origin of its own each.
fn images(bytes: usize) -> Vec<Box<[u8]>> {
    let mut images = Vec::new();
    let mut kept = 0;
    let mut buffer = vec![0; 4096];
    while kept < bytes {
        let origin = origin(images.len());
        let origins = [origin.as_str()];
        let rules = [Rule {
            allowed_origins: List::new(&origins),
            allowed_methods: List::new(METHODS),
            allowed_headers: List::new(HEADERS),
            ..Rule::EMPTY
        }];
        let configuration = Configuration::new(&Dialect::OSS, &rules);
        let policy = compile(&configuration, &mut buffer).expect("the rules are valid");
        kept += policy.as_bytes().len();
        images.push(policy.as_bytes().into());
    }
    images
}

fn origin(number: usize) -> String {
    format!("https://app-{number:08}.example.com")
}

fn cold(images: &[Box<[u8]>]) -> Cold {
    // The text of each question is made beforehand, and read in order: the image is what is cold.
    let mut random = Random(1);
    let questions: Vec<(u32, String)> = (0..QUESTIONS)
        .map(|_| random.below(images.len()))
        .map(|number| (u32::try_from(number).expect("few images"), origin(number)))
        .collect();
    let time = |mut ask: Box<dyn FnMut(&[u8], &str) -> bool + '_>| {
        let start = Instant::now();
        for (number, origin) in &questions {
            assert!(ask(&images[*number as usize], origin), "a wrong answer");
        }
        start.elapsed().as_nanos() as f64 / QUESTIONS as f64
    };
    let decide = |image: &[u8], request: &Request<'_>| {
        let policy = Policy::from_checked_bytes(image).expect("an image that was compiled");
        policy.decide(black_box(request)).grant().is_some()
    };
    let actual = time(Box::new(|image, origin| {
        decide(
            image,
            &Request {
                method: b"GET",
                origin: Some(origin.as_bytes()),
                ..Request::EMPTY
            },
        )
    }));
    let preflight = time(Box::new(|image, origin| {
        decide(
            image,
            &Request {
                method: b"OPTIONS",
                origin: Some(origin.as_bytes()),
                access_control_request_method: Some(b"PUT"),
                access_control_request_headers: &[b"content-type"],
            },
        )
    }));
    let start = Instant::now();
    let mut number = 0_usize;
    for (next, _) in &questions {
        // The byte that is read says nothing, but the next image cannot be known before it is there.
        let byte = usize::from(images[number].first().copied().unwrap_or(0));
        number = (*next as usize + black_box(byte)) % images.len();
    }
    black_box(number);
    Cold {
        images: images.len(),
        bytes: images.iter().map(|image| image.len()).sum(),
        read: start.elapsed().as_nanos() as f64 / QUESTIONS as f64,
        actual,
        preflight,
    }
}
