//! Measures ours and the others in one run; prints a table, or one JSON object per line.

use std::process::ExitCode;
use std::time::Duration;

use benches::allocations::Counting;
use benches::bars::{BARS, Bound, HOSTILE_BOUND, Verdict};
use benches::cases::HOSTILE_CONFIGURATIONS;
use benches::chart;
use benches::measure::{Budget, Measurement, measure};
use benches::{sizes, subjects};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The file of the growth curve.
const CHART: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/growth.svg");

const USAGE: &str = "usage: report [--json] [--only PREFIX] [--rounds N]

Asks each question, asserts the answer, then measures all of them in turn, N batches each (default 300).
  --json         one JSON object per line instead of a table
  --only PREFIX  only subjects whose name begins with PREFIX
  --rounds N     the number of batches";

struct Options {
    json: bool,
    only: String,
    rounds: usize,
}

fn main() -> std::io::Result<ExitCode> {
    let Some(options) = options() else {
        eprintln!("{USAGE}");
        return Ok(ExitCode::from(2));
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
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "{:46} {:>10} {:>10} {:>6}",
        "", "median ns", "min ns", "allocs"
    );
    for one in &measurements {
        println!(
            "{:46} {:10.1} {:10.1} {:6}",
            one.name, one.ns, one.min_ns, one.allocations
        );
    }
    print_bars(&measurements);
    print_allocations(&measurements);
    print_hostile(&measurements);
    print_sizes();
    let rivals = benches::rivals::names();
    match (chart::draw(&measurements, &rivals), options.only.is_empty()) {
        (Some(svg), true) => {
            std::fs::write(CHART, svg)?;
            println!("\nthe growth curve is in {CHART}");
        }
        _ => println!("\nno growth curve: not everything was measured"),
    }
    Ok(ExitCode::SUCCESS)
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
    // No name contains a character that JSON escapes.
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
        print_bar(bar.title, medians, minima, bar.bound);
    }
}

fn print_bar(title: &str, medians: Option<f64>, minima: Option<f64>, bound: Bound) {
    let verdict = match bound.judge(medians) {
        Verdict::Met => "met",
        Verdict::Missed => "MISSED",
        Verdict::NotMeasured => "not measured",
    };
    let number =
        |quotient: Option<f64>| quotient.map_or_else(|| "-".into(), |found| format!("{found:.3}"));
    let bound = match bound {
        Bound::AtMost(most) => format!("<= {most:.2}"),
        Bound::AtLeast(least) => format!(">= {least:.0}"),
    };
    println!(
        "{title:58} {:>8} {:>8} {bound:>9}  {verdict}",
        number(medians),
        number(minima)
    );
}

fn print_allocations(measurements: &[Measurement]) {
    let is_ours = |one: &&Measurement| {
        let name = one.name.as_str();
        name.starts_with("ours/") && !name.starts_with("ours/header-map/")
    };
    let ours = measurements.iter().filter(is_ours);
    let (count, allocations) = ours.fold((0, 0), |(count, all), one| {
        (count + 1, all + one.allocations)
    });
    let title = format!("allocations, compile to rendered headers, {count} cases");
    let verdict = if allocations == 0 { "met" } else { "MISSED" };
    println!(
        "{title:58} {allocations:>8} {:>8} {:>9}  {verdict}",
        "", "0"
    );
}

fn print_hostile(measurements: &[Measurement]) {
    println!(
        "\n{:58} {:>8} {:>8} {:>9}",
        "hostile / ordinary configuration", "medians", "minima", "must be"
    );
    for (hostile, ordinary) in HOSTILE_CONFIGURATIONS {
        let quotient = |of: fn(&Measurement) -> f64| {
            let named = |name: &str| {
                measurements
                    .iter()
                    .find(|one| one.name == format!("ours/{name}"))
                    .map(of)
            };
            Some(named(hostile)? / named(ordinary)?)
        };
        let title = format!("{hostile} / {ordinary}");
        print_bar(
            &title,
            quotient(|one| one.ns),
            quotient(|one| one.min_ns),
            HOSTILE_BOUND,
        );
    }
}

fn print_sizes() {
    println!(
        "\n{:36} {:>5} {:>7} {:>7} {:>8} {:>9} {:>9}",
        "image size", "rules", "text", "image", "document", "of bound", "of doc"
    );
    for size in sizes::all() {
        let of_bound = size.image as f64 / size.bound() as f64;
        println!(
            "{:36} {:5} {:7} {:7} {:8} {:8.0}% {:8.0}%  {}",
            size.shape,
            size.rules,
            size.text,
            size.image,
            size.document,
            of_bound * 100.0,
            size.image as f64 / size.document as f64 * 100.0,
            if of_bound <= 1.0 { "met" } else { "MISSED" }
        );
    }
}
