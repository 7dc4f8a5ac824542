//! Bar charts as inline SVG: drawn by hand, they need no script and print well.

use std::fmt::Write;

/// One bar: its label and its two parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bar {
    /// What is counted.
    pub label: String,
    /// First part, dark: proposed.
    pub proposed: u64,
    /// Second part, light: open.
    pub open: u64,
}

/// How wide a chart is, in the units of its own drawing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Size {
    /// All of it.
    pub width: u64,
    /// What the labels take on the left.
    pub label: u64,
}

const NUMBER: u64 = 60;
const ROW: u64 = 26;
const BAR: u64 = 16;

/// Returns horizontal stacked bars with their numbers; classes of the page's style sheet give the colours.
///
/// Labels are escaped. The title is read out to those who cannot see the chart.
pub fn bars(title: &str, size: Size, bars: &[Bar]) -> String {
    let (width, label) = (size.width, size.label);
    let longest = bars.iter().map(|bar| bar.proposed + bar.open).max().unwrap_or(0).max(1);
    let room = width.saturating_sub(label + NUMBER);
    let height = ROW * bars.len() as u64 + 4;
    let mut svg = String::new();
    // Writing into a String cannot fail.
    let _ = write!(
        svg,
        "<svg class=\"chart\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{0}\"><title>{0}</title>",
        escaped(title)
    );
    for (position, bar) in bars.iter().enumerate() {
        let top = ROW * position as u64 + 2;
        let text_top = top + BAR - 3;
        let length = |part: u64| -> u64 {
            u64::try_from(u128::from(part) * u128::from(room) / u128::from(longest)).unwrap_or(room)
        };
        let (proposed, open) = (
            length(bar.proposed).max(u64::from(bar.proposed > 0)),
            length(bar.open).max(u64::from(bar.open > 0)),
        );
        let _ = write!(
            svg,
            "<text class=\"label\" x=\"{}\" y=\"{text_top}\" text-anchor=\"end\">{}</text>",
            label - 10,
            escaped(&bar.label)
        );
        for (class, left, length) in [("proposed", label, proposed), ("open", label + proposed, open)] {
            if length > 0 {
                let _ = write!(
                    svg,
                    "<rect class=\"{class}\" x=\"{left}\" y=\"{top}\" width=\"{length}\" height=\"{BAR}\"/>"
                );
            }
        }
        let _ = write!(
            svg,
            "<text class=\"number\" x=\"{}\" y=\"{text_top}\">{}</text>",
            label + proposed + open + 6,
            bar.proposed + bar.open
        );
    }
    let axis = label;
    let _ = write!(
        svg,
        "<line class=\"axis\" x1=\"{axis}\" y1=\"0\" x2=\"{axis}\" y2=\"{height}\"/></svg>"
    );
    svg
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
