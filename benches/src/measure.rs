//! Measures many subjects in turn, batch by batch, so that disturbances of the machine affect all
//! of them alike.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::allocations::allocations;

/// A subject of measurement.
pub struct Subject {
    name: String,
    operations_per_pass: u32,
    pass: Box<dyn FnMut(u32)>,
}

impl Subject {
    /// Creates a subject of one operation, whose answer is asserted before it is measured.
    ///
    /// # Panics
    ///
    /// If the answer is wrong.
    pub fn new<T>(
        name: impl Into<String>,
        mut operation: impl FnMut() -> T + 'static,
        is_right: impl Fn(&T) -> bool,
    ) -> Subject {
        let name = name.into();
        assert!(is_right(&operation()), "{name} returned a wrong answer");
        Subject {
            name,
            operations_per_pass: 1,
            pass: Box::new(move |passes| {
                for _ in 0..passes {
                    // By reference: by value would add a copy.
                    black_box(&operation());
                }
            }),
        }
    }

    /// Creates a subject of one operation for each of several inputs in turn, whose answers are
    /// asserted before it is measured.
    ///
    /// # Panics
    ///
    /// If an answer is wrong.
    pub fn each<Q: 'static, T>(
        name: impl Into<String>,
        inputs: Vec<Q>,
        operation: impl Fn(&Q) -> T + 'static,
        is_right: impl Fn(&Q, &T) -> bool,
    ) -> Subject {
        let name = name.into();
        for (index, input) in inputs.iter().enumerate() {
            assert!(
                is_right(input, &operation(input)),
                "{name} returned a wrong answer to question {index}"
            );
        }
        Subject {
            name,
            operations_per_pass: u32::try_from(inputs.len()).expect("few inputs"),
            pass: Box::new(move |passes| {
                for _ in 0..passes {
                    for input in &inputs {
                        black_box(&operation(black_box(input)));
                    }
                }
            }),
        }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// The result of a measurement.
#[derive(Clone, Debug)]
pub struct Measurement {
    /// The subject's name.
    pub name: String,
    /// Median over the batches, in nanoseconds per operation.
    pub ns: f64,
    /// The fastest batch, in nanoseconds per operation.
    pub min_ns: f64,
    /// Allocations of one operation, rounded up.
    pub allocations: usize,
}

/// How long to measure.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Batches of each subject.
    pub rounds: usize,
    /// The approximate duration of a batch.
    pub batch: Duration,
}

/// Measures all subjects: a batch of the first, a batch of the second, and so on, round by round.
pub fn measure(subjects: Vec<Subject>, budget: Budget) -> Vec<Measurement> {
    let mut running: Vec<Running> = subjects
        .into_iter()
        .map(|subject| Running::start(subject, budget))
        .collect();
    for _ in 0..budget.rounds {
        for one in &mut running {
            let ns = one.batch();
            one.samples.push(ns);
        }
    }
    running.into_iter().map(Running::finish).collect()
}

struct Running {
    subject: Subject,
    passes: u32,
    allocations: usize,
    samples: Vec<f64>,
}

impl Running {
    fn start(mut subject: Subject, budget: Budget) -> Running {
        let before = allocations();
        (subject.pass)(1);
        let counted = allocations() - before;
        let mut one = Running {
            allocations: counted.div_ceil(subject.operations_per_pass as usize),
            subject,
            passes: 1,
            samples: Vec::with_capacity(budget.rounds),
        };
        loop {
            let start = Instant::now();
            (one.subject.pass)(one.passes);
            if start.elapsed() * 2 >= budget.batch {
                return one;
            }
            one.passes *= 2;
        }
    }

    /// Nanoseconds per operation of one batch.
    fn batch(&mut self) -> f64 {
        let start = Instant::now();
        (self.subject.pass)(self.passes);
        let ns = start.elapsed().as_nanos() as f64;
        ns / f64::from(self.passes) / f64::from(self.subject.operations_per_pass)
    }

    fn finish(mut self) -> Measurement {
        self.samples.sort_by(f64::total_cmp);
        Measurement {
            name: self.subject.name,
            ns: self.samples[self.samples.len() / 2],
            min_ns: self.samples[0],
            allocations: self.allocations,
        }
    }
}
