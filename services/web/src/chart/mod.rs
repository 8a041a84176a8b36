//! Charts: SVG drawn here, and beside each the table of what it shows. The drawing is for who sees it; the table says the same.
//!
//! Colours are classes (`ink-…` in the styles), so that a chart is right by night and in print: what the drawing library writes as a
//! colour is an [`Ink`], put into words afterwards.

mod graph;
mod heat;
mod line;
mod progress;

use plotters::style::RGBColor;

pub use graph::{Graph, Passed};
pub use heat::{Heat, HeatRow};
pub use line::{Line, Point};
pub use progress::Progress;

/// What something is drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// The first line, and what belongs to it.
    First,
    /// The second.
    Second,
    /// What measures: the grid.
    Grid,
    /// The axes.
    Axis,
    /// Letters.
    Text,
    /// How much of something there is, from 0 to 5.
    Heat(u8),
}

impl Ink {
    const ALL: [Self; 11] = [
        Self::First,
        Self::Second,
        Self::Grid,
        Self::Axis,
        Self::Text,
        Self::Heat(0),
        Self::Heat(1),
        Self::Heat(2),
        Self::Heat(3),
        Self::Heat(4),
        Self::Heat(5),
    ];

    /// A colour that stands for it while it is drawn.
    const fn colour(self) -> RGBColor {
        let code = match self {
            Self::First => 1,
            Self::Second => 2,
            Self::Grid => 3,
            Self::Axis => 4,
            Self::Text => 5,
            Self::Heat(level) => 16 + level,
        };
        RGBColor(code, 254, 253)
    }

    fn class(self, painted: &str) -> String {
        match (self, painted) {
            (Self::First, "fill") => "ink-fill-1".to_owned(),
            (Self::First, _) => "ink-line-1".to_owned(),
            (Self::Second, "fill") => "ink-fill-2".to_owned(),
            (Self::Second, _) => "ink-line-2".to_owned(),
            (Self::Grid, _) => "ink-grid".to_owned(),
            (Self::Axis, _) => "ink-axis".to_owned(),
            (Self::Text, _) => "ink-text".to_owned(),
            (Self::Heat(level), _) => format!("ink-heat-{level}"),
        }
    }
}

/// The drawing with its colours as classes, and as wide as its place.
fn finished(drawn: &str, (width, height): (u32, u32)) -> String {
    let mut svg = drawn.to_owned();
    for ink in Ink::ALL {
        let RGBColor(red, green, blue) = ink.colour();
        for painted in ["fill", "stroke"] {
            let colour = format!("{painted}=\"#{red:02X}{green:02X}{blue:02X}\"");
            svg = svg.replace(&colour, &format!("class=\"{}\"", ink.class(painted)));
        }
    }
    let inside = svg.find("<svg").and_then(|from| {
        let end = svg[from..].find('>')?;
        Some(from + end + 1)
    });
    let inside = inside.unwrap_or_default();
    // What it shows stands in the table and in the words above it.
    format!(
        "<svg viewBox=\"0 0 {width} {height}\" aria-hidden=\"true\" focusable=\"false\">{}",
        &svg[inside..]
    )
}
