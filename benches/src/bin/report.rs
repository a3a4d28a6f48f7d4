//! Measures ours and the others in one run; prints a table, or a JSON object a line.

use std::process::ExitCode;
use std::time::Duration;

use benches::allocations::Counting;
use benches::bars::{BARS, Bound, Verdict};
use benches::measure::{Budget, Measurement, measure};
use benches::subjects;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const USAGE: &str = "usage: report [--json] [--only PREFIX] [--rounds N]

Asks each question, asserts the answer, then measures all of them in turn, N batches each (300 if not given).
  --json         one JSON object a line instead of a table
  --only PREFIX  only what begins so
  --rounds N     how many batches";

struct Options {
    json: bool,
    only: String,
    rounds: usize,
}

fn main() -> ExitCode {
    let Some(options) = options() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let mut subjects = subjects::all();
    subjects.retain(|subject| subject.name().starts_with(&options.only));
    let budget = Budget {
        rounds: options.rounds,
        batch: Duration::from_millis(1),
    };
    let measurements = measure(subjects, budget);
    if options.json {
        measurements.iter().for_each(print_json);
        return ExitCode::SUCCESS;
    }
    println!(
        "{:44} {:>10} {:>10} {:>6}",
        "", "median ns", "min ns", "allocs"
    );
    for one in &measurements {
        println!(
            "{:44} {:10.1} {:10.1} {:6}",
            one.name, one.ns, one.min_ns, one.allocations
        );
    }
    print_bars(&measurements);
    ExitCode::SUCCESS
}

fn options() -> Option<Options> {
    let mut options = Options {
        json: false,
        only: String::new(),
        rounds: 300,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--json" => options.json = true,
            "--only" => options.only = arguments.next()?,
            "--rounds" => {
                options.rounds = arguments
                    .next()?
                    .parse()
                    .ok()
                    .filter(|rounds| *rounds > 0)?
            }
            _ => return None,
        }
    }
    Some(options)
}

fn print_json(one: &Measurement) {
    // No name holds a character that JSON would want escaped.
    println!(
        "{{\"name\": \"{}\", \"ns\": {:.2}, \"min_ns\": {:.2}, \"allocations\": {}}}",
        one.name, one.ns, one.min_ns, one.allocations
    );
}

fn print_bars(measurements: &[Measurement]) {
    println!(
        "\n{:58} {:>8} {:>8} {:>9}",
        "bar", "medians", "minima", "must be"
    );
    for bar in BARS {
        let medians = bar.quotient(measurements, |one| one.ns);
        let minima = bar.quotient(measurements, |one| one.min_ns);
        let bound = match bar.bound {
            Bound::AtMost(most) => format!("<= {most:.2}"),
            Bound::AtLeast(least) => format!(">= {least:.0}"),
        };
        let verdict = match bar.bound.judge(medians) {
            Verdict::Met => "met",
            Verdict::Missed => "MISSED",
            Verdict::NotMeasured => "not measured",
        };
        let number = |quotient: Option<f64>| {
            quotient.map_or_else(|| "-".into(), |found| format!("{found:.3}"))
        };
        println!(
            "{:58} {:>8} {:>8} {bound:>9}  {verdict}",
            bar.title,
            number(medians),
            number(minima)
        );
    }
}
