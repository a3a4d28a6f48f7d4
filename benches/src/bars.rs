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
    /// The subject of the denominator, and what is subtracted from it.
    pub below: Net,
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

const TOWER_10: Net = Net("tower-http/actual/exact-10", Some("tower-http/base"));
const TOWER_100: Net = Net("tower-http/actual/exact-100", Some("tower-http/base"));

/// All targets that are ratios of times.
pub const BARS: &[Bar] = &[
    Bar {
        title: "actual hit, 1000 patterns in 100 rules / 1 pattern",
        bound: Bound::AtMost(3.0),
        above: gross("ours/actual/mixed-1000x100"),
        below: gross("ours/actual/one"),
    },
    Bar {
        title: "preflight, 3 names, 1000 patterns in 100 rules / 1",
        bound: Bound::AtMost(2.0),
        above: gross("ours/preflight3/mixed-1000x100"),
        below: gross("ours/preflight3/one"),
    },
    Bar {
        title: "preflight, 3 names / hash floor",
        bound: Bound::AtMost(3.0),
        above: gross("ours/preflight3/one"),
        below: gross("floor/preflight3"),
    },
    Bar {
        title: "actual hit, 10 origins / tower-http net",
        bound: Bound::AtMost(0.1),
        above: gross("ours/actual/exact-10"),
        below: TOWER_10,
    },
    Bar {
        title: "actual hit, 100 origins / tower-http net",
        bound: Bound::AtMost(0.05),
        above: gross("ours/actual/exact-100"),
        below: TOWER_100,
    },
    Bar {
        title: "no Origin / actual hit",
        bound: Bound::AtMost(0.25),
        above: gross("ours/no-origin"),
        below: gross("ours/actual/one"),
    },
    Bar {
        title: "naive matcher, 100 rules x 10 patterns / ours",
        bound: Bound::AtLeast(80.0),
        above: gross("naive/actual/mixed-1000x100"),
        below: gross("ours/actual/mixed-1000x100"),
    },
    Bar {
        title: "64 KiB of commas / 16 KiB",
        bound: Bound::AtMost(1.2),
        above: gross("ours/preflight/hostile-64k"),
        below: gross("ours/preflight/hostile-16k"),
    },
    Bar {
        title: "64 KiB of commas / 16 KiB and 1 byte: both past the cap",
        bound: Bound::AtMost(1.2),
        above: gross("ours/preflight/hostile-64k"),
        below: gross("ours/preflight/hostile-16k-and-1"),
    },
    Bar {
        title: "cors-http net, 10 origins / tower-http net",
        bound: Bound::AtMost(1.0 / 3.0),
        above: Net("cors-http/actual/exact-10", Some("cors-http/base")),
        below: TOWER_10,
    },
    Bar {
        title: "XML parse and check, 10 rules / bare event loop",
        bound: Bound::AtMost(2.0),
        above: gross("xml/parse-10"),
        below: gross("xml/quick-xml-10"),
    },
];

/// The most that a hostile configuration may cost, as a multiple of the ordinary one of the same
/// size; above this the documentation must say why.
pub const HOSTILE_BOUND: Bound = Bound::AtMost(4.0);

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
    /// The ratio of the medians, or of the fastest batches.
    pub fn quotient(
        &self,
        measurements: &[Measurement],
        of: fn(&Measurement) -> f64,
    ) -> Option<f64> {
        Some(self.above.value(measurements, of)? / self.below.value(measurements, of)?)
    }
}

impl Net {
    fn value(self, measurements: &[Measurement], of: fn(&Measurement) -> f64) -> Option<f64> {
        let named = |name: &str| measurements.iter().find(|one| one.name == name).map(of);
        Some(named(self.0)? - self.1.map_or(Some(0.0), named)?)
    }
}
