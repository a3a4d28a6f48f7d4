//! The growth curve as an SVG: nanoseconds against number of patterns, both logarithmic, in light
//! and dark.

use std::fmt::Write;

use crate::measure::Measurement;
use crate::subjects::CURVE;

const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 480.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 210.0;
const TOP: f64 = 56.0;
const BOTTOM: f64 = 52.0;
/// The least and the most nanoseconds drawn, as powers of ten.
const DECADES: (i32, i32) = (1, 5);
/// Least distance between two labels.
const LINE_HEIGHT: f64 = 16.0;

/// One line of the chart.
struct Curve {
    label: String,
    class: &'static str,
    /// Number of patterns, nanoseconds.
    points: Vec<(f64, f64)>,
}

/// Draws the measurements; `None` if a point is missing.
pub fn draw(measurements: &[Measurement], rivals: &[&str]) -> Option<String> {
    let mut curves = vec![
        curve(
            measurements,
            "ours, exact",
            "ours",
            |count| format!("ours/actual/exact-{count}"),
            None,
        )?,
        curve(
            measurements,
            "ours, wildcards",
            "ours dashed",
            |count| format!("ours/actual/mixed-{count}/wildcard"),
            None,
        )?,
        curve(
            measurements,
            "naive walk",
            "naive",
            |count| format!("naive/actual/exact-{count}"),
            None,
        )?,
    ];
    let layer = |count| format!("cors-http/actual/exact-{count}");
    let bare = measurements.iter().find(|one| one.name == "cors-http/base");
    curves.push(curve(
        measurements,
        "ours, layer",
        "ours thin",
        layer,
        bare,
    )?);
    for rival in rivals {
        let base = format!("{rival}/base");
        let bare = measurements.iter().find(|one| one.name == base);
        let name = |count| format!("{rival}/actual/exact-{count}");
        curves.push(curve(measurements, rival, "rival", name, bare)?);
    }
    Some(svg(&curves))
}

fn curve(
    measurements: &[Measurement],
    label: &str,
    class: &'static str,
    name: impl Fn(usize) -> String,
    bare: Option<&Measurement>,
) -> Option<Curve> {
    let bare = bare.map_or(0.0, |bare| bare.ns);
    let points = CURVE.iter().map(|count| {
        let name = name(*count);
        let one = measurements.iter().find(|one| one.name == name)?;
        Some((*count as f64, (one.ns - bare).max(1.0)))
    });
    Some(Curve {
        label: label.to_owned(),
        class,
        points: points.collect::<Option<_>>()?,
    })
}

fn x(count: f64) -> f64 {
    LEFT + count.log10() / 3.0 * (WIDTH - LEFT - RIGHT)
}

fn y(ns: f64) -> f64 {
    let (low, high) = (f64::from(DECADES.0), f64::from(DECADES.1));
    HEIGHT - BOTTOM - (ns.log10() - low) / (high - low) * (HEIGHT - TOP - BOTTOM)
}

fn svg(curves: &[Curve]) -> String {
    let mut out = String::new();
    let mut put = |line: String| writeln!(out, "{line}").expect("a string takes everything");
    put(format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="title">
<title id="title">Nanoseconds of one actual request against the number of origin patterns</title>
<style>
text {{ font: 13px system-ui, sans-serif; fill: #1f2328; }}
.paper {{ fill: #ffffff; }}
.note {{ font-size: 12px; fill: #59636e; }}
.head {{ font-size: 15px; font-weight: 600; }}
.end {{ text-anchor: end; }} .middle {{ text-anchor: middle; }}
line {{ stroke: #d1d9e0; }}
polyline {{ fill: none; stroke-width: 1.5; stroke: #818b98; }}
polyline.ours {{ stroke: #0969da; stroke-width: 3; }} text.ours {{ fill: #0969da; font-weight: 600; }}
polyline.naive {{ stroke: #bc4c00; stroke-width: 2; }} text.naive {{ fill: #bc4c00; }}
polyline.thin {{ stroke-width: 1.5; }}
polyline.dashed {{ stroke-dasharray: 7 4; }}
@media (prefers-color-scheme: dark) {{
text {{ fill: #f0f6fc; }} .paper {{ fill: #0d1117; }} .note {{ fill: #9198a1; }}
line {{ stroke: #3d444d; }} polyline {{ stroke: #767f89; }}
polyline.ours {{ stroke: #58a6ff; }} text.ours {{ fill: #58a6ff; }}
polyline.naive {{ stroke: #f0883e; }} text.naive {{ fill: #f0883e; }}
}}
</style>
<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>
<text class="head" x="{LEFT}" y="22">One actual request, ns against number of origin patterns</text>
<text class="note" x="{LEFT}" y="40">the last pattern matches; ours: the decision; layers and middleware: its call less the bare call; medians of one run</text>"#
    ));
    for decade in DECADES.0..=DECADES.1 {
        let ns = 10_f64.powi(decade);
        let (at, end) = (y(ns), WIDTH - RIGHT);
        let label = if ns < 1000.0 {
            format!("{ns} ns")
        } else {
            format!("{} µs", ns / 1000.0)
        };
        put(format!(
            r#"<line x1="{LEFT}" x2="{end}" y1="{at:.1}" y2="{at:.1}"/>"#
        ));
        put(format!(
            r#"<text class="end" x="{}" y="{:.1}">{label}</text>"#,
            LEFT - 8.0,
            at + 4.0
        ));
    }
    for count in [1.0, 10.0, 100.0, 1000.0] {
        let (at, foot) = (x(count), HEIGHT - BOTTOM);
        put(format!(
            r#"<line x1="{at:.1}" x2="{at:.1}" y1="{TOP}" y2="{foot}"/>"#
        ));
        put(format!(
            r#"<text class="middle" x="{at:.1}" y="{}">{count}</text>"#,
            foot + 20.0
        ));
    }
    let middle = f64::midpoint(LEFT, WIDTH - RIGHT);
    put(format!(
        r#"<text class="middle note" x="{middle}" y="{}">origin patterns</text>"#,
        HEIGHT - 12.0
    ));
    // Rivals first, so that ours is drawn on top.
    for curve in curves.iter().rev() {
        let points = curve
            .points
            .iter()
            .map(|(count, ns)| format!("{:.1},{:.1}", x(*count), y(*ns)));
        let points = points.collect::<Vec<_>>().join(" ");
        put(format!(
            r#"<polyline class="{}" points="{points}"/>"#,
            curve.class
        ));
    }
    for (curve, at) in labels(curves) {
        let (from, to) = (x(1000.0), WIDTH - RIGHT + 18.0);
        let ns = curve.points.last().map_or(0.0, |(_, ns)| *ns);
        put(format!(
            r#"<line x1="{from:.1}" y1="{:.1}" x2="{to:.1}" y2="{at:.1}"/>"#,
            y(ns)
        ));
        put(format!(
            r#"<text class="{}" x="{:.1}" y="{:.1}">{} {ns:.0} ns</text>"#,
            curve.class,
            to + 4.0,
            at + 4.0,
            curve.label
        ));
    }
    put("</svg>".to_owned());
    out
}

/// The position of each label: at the end of its line, moved away from its neighbours.
fn labels(curves: &[Curve]) -> Vec<(&Curve, f64)> {
    let end = |curve: &Curve| curve.points.last().map_or(0.0, |(_, ns)| y(*ns));
    let mut labels: Vec<(&Curve, f64)> = curves.iter().map(|curve| (curve, end(curve))).collect();
    labels.sort_by(|(_, one), (_, other)| one.total_cmp(other));
    for _ in 0..100 {
        for upper in 1..labels.len() {
            let overlap = LINE_HEIGHT - (labels[upper].1 - labels[upper - 1].1);
            if overlap > 0.0 {
                labels[upper].1 += overlap / 2.0;
                labels[upper - 1].1 -= overlap / 2.0;
            }
        }
    }
    labels
}
