//! Measures ours and the others in one run; prints a table, or one JSON object per line.

use std::process::ExitCode;
use std::time::Duration;

use benches::allocations::Counting;
use benches::bars::{BARS, Bound, HOSTILE_BOUND, Verdict};
use benches::chart;
use benches::measure::{Budget, Measurement, measure};
use benches::{cold, hostile, memory, rivals, sizes, subjects};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The file of the growth curve.
const CHART: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/growth.svg");

const USAGE: &str = "usage: report [--json] [--only PREFIX] [--rounds N] [--cold MIB]

Asks each question, asserts the answer, then measures all of them in turn, N batches each (default 300).
  --json         one JSON object per line instead of a table
  --only PREFIX  only subjects whose name begins with PREFIX
  --rounds N     the number of batches
  --cold MIB     instead of all this, decisions over so many MiB of images and fewer";

struct Options {
    json: bool,
    only: String,
    rounds: usize,
    cold: Option<usize>,
}

fn main() -> std::io::Result<ExitCode> {
    let Some(options) = options() else {
        eprintln!("{USAGE}");
        return Ok(ExitCode::from(2));
    };
    if let Some(bytes) = options.cold {
        print_cold(bytes);
        return Ok(ExitCode::SUCCESS);
    }
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
    print_layers(&measurements);
    print_hostile(&measurements);
    print_sizes();
    print_memory();
    match (
        chart::draw(&measurements, &rivals::names()),
        options.only.is_empty(),
    ) {
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
        cold: None,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--json" => options.json = true,
            "--only" => options.only = arguments.next()?,
            "--cold" => {
                let mebibytes = arguments.next()?.parse::<usize>().ok()?;
                options.cold = Some(mebibytes.checked_mul(1 << 20)?);
            }
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
    let number = |found: Option<f64>| match found {
        None => "-".into(),
        Some(found) if found.abs() < 100.0 => format!("{found:.3}"),
        Some(found) => format!("{found:.0}"),
    };
    let bound = match bound {
        Bound::AtMost(most) if most >= 10.0 => format!("<= {most:.0}"),
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

/// The layers and middlewares, each less its bare call.
fn print_layers(measurements: &[Measurement]) {
    println!(
        "\n{:30} {:>10} {:>10} {:>10} {:>10}",
        "net of the bare call, ns", "actual 10", "actual 100", "preflight", "allocs"
    );
    let named = |name: String| measurements.iter().find(|one| one.name == name);
    for layer in rivals::layers() {
        let net = |call: &str, base: &str| {
            let (call, base) = (
                named(format!("{layer}/{call}")),
                named(format!("{layer}/{base}")),
            );
            call.zip(base).map_or_else(
                || "-".into(),
                |(call, base)| format!("{:.0}", call.ns - base.ns),
            )
        };
        let allocations =
            named(format!("{layer}/actual/exact-10")).zip(named(format!("{layer}/base")));
        println!(
            "{layer:30} {:>10} {:>10} {:>10} {:>10}",
            net("actual/exact-10", "base"),
            net("actual/exact-100", "base"),
            net("preflight3/exact-10", "base/preflight3"),
            allocations.map_or_else(
                || "-".into(),
                |(call, base)| (call.allocations - base.allocations).to_string()
            )
        );
    }
}

fn print_hostile(measurements: &[Measurement]) {
    println!(
        "\n{:58} {:>8} {:>8} {:>9}",
        "hostile configuration", "ns", "ordinary", "must be"
    );
    for (hostile, ordinary) in hostile::CONFIGURATIONS {
        let named = |name: &str| {
            let name = format!("ours/{name}");
            measurements
                .iter()
                .find(|one| one.name == name)
                .map(|one| one.ns)
        };
        print_bar(hostile, named(hostile), named(ordinary), HOSTILE_BOUND);
    }
}

fn print_memory() {
    println!(
        "\n{:40} {:>8} {:>8} {:>8} {:>8} {:>9}",
        "memory of a bucket, bytes", "image", "boxed", "shared", "used", "must be"
    );
    for one in memory::all() {
        let verdict = if one.used <= memory::MOST {
            "met"
        } else {
            "MISSED"
        };
        println!(
            "{:40} {:8} {:8} {:8} {:8} {:>9}  {verdict}",
            one.kind,
            one.image,
            one.boxed,
            one.shared,
            one.used,
            format!("<= {}", memory::MOST)
        );
    }
}

fn print_cold(bytes: usize) {
    println!(
        "{:>10} {:>8} {:>10} {:>10} {:>10}",
        "images", "MiB", "read ns", "actual", "preflight"
    );
    for one in cold::all(bytes) {
        println!(
            "{:10} {:8.1} {:10.1} {:10.1} {:10.1}",
            one.images,
            one.bytes as f64 / f64::from(1 << 20),
            one.read,
            one.actual,
            one.preflight
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
