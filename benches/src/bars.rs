//! The performance targets, as ratios within one run, and whether each is met.

use crate::measure::Measurement;

/// A ratio of measurements and its bound.
pub struct Bar {
    /// The name of the comparison.
    pub title: &'static str,
    /// The bound of the ratio.
    pub bound: Bound,
    /// The subject of the numerator, and what is subtracted from it.
    pub above: Net,
    /// The subject of the denominator, and what is subtracted from it; without one the bound is
    /// nanoseconds.
    pub below: Option<Net>,
}

/// An upper or a lower bound.
#[derive(Clone, Copy)]
pub enum Bound {
    /// The ratio may be at most this.
    AtMost(f64),
    /// The ratio must be at least this.
    AtLeast(f64),
}

/// A subject, minus another: the net cost of a middleware is its call minus the bare call.
#[derive(Clone, Copy)]
pub struct Net(pub &'static str, pub Option<&'static str>);

const fn gross(name: &'static str) -> Net {
    Net(name, None)
}

/// All targets that are ratios or differences of times.
pub const BARS: &[Bar] = &[
    // A decision with itself: what more configuration costs, and less.
    Bar {
        title: "actual, 1000 patterns in 100 rules / 1 pattern",
        bound: Bound::AtMost(3.5),
        above: gross("ours/actual/mixed-1000x100"),
        below: Some(gross("ours/actual/one")),
    },
    Bar {
        title: "preflight, 3 names, 1000 patterns in 100 rules / 1",
        bound: Bound::AtMost(2.0),
        above: gross("ours/preflight3/mixed-1000x100"),
        below: Some(gross("ours/preflight3/one")),
    },
    Bar {
        title: "actual, 1 origin / 10 origins",
        bound: Bound::AtMost(0.85),
        above: gross("ours/actual/one"),
        below: Some(gross("ours/actual/exact-10")),
    },
    Bar {
        title: "actual, `*` / 10 origins",
        bound: Bound::AtMost(0.85),
        above: gross("ours/actual/any"),
        below: Some(gross("ours/actual/exact-10")),
    },
    Bar {
        title: "actual, 1 wildcard / 10 origins",
        bound: Bound::AtMost(1.2),
        above: gross("ours/actual/subdomains-1"),
        below: Some(gross("ours/actual/exact-10")),
    },
    Bar {
        title: "no Origin / actual, 1 origin",
        bound: Bound::AtMost(0.25),
        above: gross("ours/no-origin"),
        below: Some(gross("ours/actual/one")),
    },
    // Stored headers beyond the decision alone.
    Bar {
        title: "stored headers beyond deciding, actual, ns",
        bound: Bound::AtMost(15.0),
        above: Net("ours/stored/actual/one", Some("ours/actual/one")),
        below: None,
    },
    Bar {
        title: "stored headers beyond deciding, preflight, 3 names, ns",
        bound: Bound::AtMost(45.0),
        above: Net("ours/stored/preflight3/one", Some("ours/preflight3/one")),
        below: None,
    },
    // A decision with decisions: the program for one configuration, a loop, another crate.
    Bar {
        title: "preflight, 3 names / the matcher written by hand",
        bound: Bound::AtMost(3.7),
        above: gross("ours/preflight3/one"),
        below: Some(gross("floor/direct/preflight3/one")),
    },
    Bar {
        title: "naive matcher / ours, actual, 1000 patterns in 100 rules",
        bound: Bound::AtLeast(80.0),
        above: gross("naive/actual/mixed-1000x100"),
        below: Some(gross("ours/actual/mixed-1000x100")),
    },
    Bar {
        title: "ours / the other cors-core, actual, 10 origins",
        bound: Bound::AtMost(0.25),
        above: gross("ours/actual/exact-10"),
        below: Some(gross("other-cors-core/actual/exact-10")),
    },
    // A layer with layers: each less its bare call.
    Bar {
        title: "our layer / tower-http, actual, 10 origins",
        bound: Bound::AtMost(0.48),
        above: Net("cors-http/actual/exact-10", Some("cors-http/base")),
        below: Some(Net("tower-http/actual/exact-10", Some("tower-http/base"))),
    },
    Bar {
        title: "our layer / tower-http, preflight, 3 names",
        bound: Bound::AtMost(0.95),
        above: Net(
            "cors-http/preflight3/exact-10",
            Some("cors-http/base/preflight3"),
        ),
        below: Some(Net(
            "tower-http/preflight3/exact-10",
            Some("tower-http/base/preflight3"),
        )),
    },
    Bar {
        title: "our layer / tower-http, response with five headers",
        bound: Bound::AtMost(0.5),
        above: Net(
            "cors-http/actual/exact-10/five-headers",
            Some("cors-http/base/five-headers"),
        ),
        below: Some(Net(
            "tower-http/actual/exact-10/five-headers",
            Some("tower-http/base/five-headers"),
        )),
    },
    // Hostile requests and configurations.
    Bar {
        title: "64 KiB of commas / 16 KiB",
        bound: Bound::AtMost(1.2),
        above: gross("ours/preflight/hostile-64k"),
        below: Some(gross("ours/preflight/hostile-16k")),
    },
    Bar {
        title: "64 KiB of commas / 16 KiB and 1 byte: both past the cap",
        bound: Bound::AtMost(1.2),
        above: gross("ours/preflight/hostile-64k"),
        below: Some(gross("ours/preflight/hostile-16k-and-1")),
    },
    Bar {
        title: "1000 origins that collide / 1000 that do not",
        bound: Bound::AtMost(1.2),
        above: gross("ours/hostile/colliding-1000"),
        below: Some(gross("ours/actual/exact-1000")),
    },
    // Documents and images.
    Bar {
        title: "XML parse and check, 1 rule / bare event loop",
        bound: Bound::AtMost(1.8),
        above: gross("xml/parse-1"),
        below: Some(gross("xml/quick-xml-1")),
    },
    Bar {
        title: "XML parse and check, 3 rules / bare event loop",
        bound: Bound::AtMost(1.8),
        above: gross("xml/parse-3"),
        below: Some(gross("xml/quick-xml-3")),
    },
    Bar {
        title: "XML parse and check, 10 rules / bare event loop",
        bound: Bound::AtMost(1.8),
        above: gross("xml/parse-10"),
        below: Some(gross("xml/quick-xml-10")),
    },
    Bar {
        title: "XML parse and check, 100 rules / bare event loop",
        bound: Bound::AtMost(1.8),
        above: gross("xml/parse-100"),
        below: Some(gross("xml/quick-xml-100")),
    },
    Bar {
        title: "an image of one rule read and checked, ns",
        bound: Bound::AtMost(130.0),
        above: gross("ours/from-bytes/one"),
        below: None,
    },
];

/// The most nanoseconds that any configuration may cost a request to its bucket.
pub const HOSTILE_BOUND: Bound = Bound::AtMost(4000.0);

/// Whether a target is met.
pub enum Verdict {
    /// It is met.
    Met,
    /// It is missed.
    Missed,
    /// One of its subjects was not measured in this run.
    NotMeasured,
}

impl Bound {
    /// Compares a ratio with the bound.
    pub fn judge(self, quotient: Option<f64>) -> Verdict {
        match (self, quotient) {
            (_, None) => Verdict::NotMeasured,
            (Bound::AtMost(most), Some(found)) if found <= most => Verdict::Met,
            (Bound::AtLeast(least), Some(found)) if found >= least => Verdict::Met,
            _ => Verdict::Missed,
        }
    }
}

impl Bar {
    /// The ratio or the difference of the medians, or of the fastest batches.
    pub fn quotient(
        &self,
        measurements: &[Measurement],
        of: fn(&Measurement) -> f64,
    ) -> Option<f64> {
        let below = self
            .below
            .map_or(Some(1.0), |below| below.value(measurements, of))?;
        Some(self.above.value(measurements, of)? / below)
    }
}

impl Net {
    fn value(self, measurements: &[Measurement], of: fn(&Measurement) -> f64) -> Option<f64> {
        let named = |name: &str| measurements.iter().find(|one| one.name == name).map(of);
        Some(named(self.0)? - self.1.map_or(Some(0.0), named)?)
    }
}
