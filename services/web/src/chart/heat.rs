//! How much there is of something where two things meet, such as a theme and a compact: darker is more.

use askama::Template;
use plotters::prelude::{IntoDrawingArea, Rectangle, SVGBackend};
use plotters::style::Color;

use super::{Ink, finished};
use crate::parts::html;

html!(Heat);

/// The side of a field, and what stands between two.
const FIELD: i32 = 40;
const GAP: i32 = 4;

/// A row of the table: what it is about, and a number for each column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeatRow {
    /// What it is about.
    pub of: String,
    /// How many, in the columns' order.
    pub numbers: Vec<u32>,
    /// Where what each number counts is listed, in the same order; nothing where it is listed nowhere.
    pub lists: Vec<String>,
}

impl HeatRow {
    /// Where what the number in this place counts is listed, where it counts something.
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "templates hand over references"
    )]
    fn list(&self, at: &usize) -> Option<&str> {
        let some = self.numbers.get(*at).is_some_and(|number| *number > 0);
        self.lists.get(*at).filter(|_| some).map(String::as_str)
    }
}

/// How much there is of something, drawn and as a table.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/heat.html")]
pub struct Heat {
    /// Tells this chart from others on its page.
    pub id: String,
    /// What the numbers count.
    pub title: String,
    /// What the rows are, such as `Theme`.
    pub rows_are: String,
    /// What each column is about.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<HeatRow>,
    svg: String,
}

impl Heat {
    /// The map of these numbers.
    pub fn new(
        id: impl Into<String>,
        (title, rows_are): (impl Into<String>, impl Into<String>),
        columns: Vec<String>,
        rows: Vec<HeatRow>,
    ) -> Self {
        let svg = drawn(&rows, columns.len()).unwrap_or_else(|error| {
            tracing::error!(%error, "a heat map could not be drawn");
            String::new()
        });
        Self {
            id: id.into(),
            title: title.into(),
            rows_are: rows_are.into(),
            columns,
            rows,
            svg,
        }
    }

    /// How dark a number is, from 0 for nothing to 5 for the most there is.
    pub fn level(&self, number: &u32) -> u8 {
        level(*number, most(&self.rows))
    }
}

fn most(rows: &[HeatRow]) -> u32 {
    let all = rows.iter().flat_map(|row| &row.numbers);
    all.copied().max().unwrap_or_default()
}

fn level(number: u32, most: u32) -> u8 {
    if number == 0 {
        return 0;
    }
    let fifths = (u64::from(number) * 5).div_ceil(u64::from(most.max(1)));
    u8::try_from(fifths).unwrap_or(5).clamp(1, 5)
}

fn drawn(rows: &[HeatRow], columns: usize) -> Result<String, String> {
    let told = |error: &dyn std::fmt::Display| error.to_string();
    let count = |number: usize| i32::try_from(number).unwrap_or(100).min(100);
    let side = |number: usize| u32::try_from(count(number) * (FIELD + GAP)).unwrap_or_default();
    if rows.is_empty() || columns == 0 {
        return Ok(String::new());
    }
    let extent = (side(columns), side(rows.len()));
    let most = most(rows);
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, extent).into_drawing_area();
        for (down, row) in rows.iter().enumerate() {
            for (across, number) in row.numbers.iter().enumerate() {
                let (left, top) = (count(across) * (FIELD + GAP), count(down) * (FIELD + GAP));
                let corners = [(left, top), (left + FIELD, top + FIELD)];
                let ink = Ink::Heat(level(*number, most)).colour();
                area.draw(&Rectangle::new(corners, ink.filled()))
                    .map_err(|error| told(&error))?;
            }
        }
        area.present().map_err(|error| told(&error))?;
    }
    Ok(finished(&svg, extent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_is_darker_nothing_is_empty_and_the_table_says_every_number() {
        let row = |of: &str, numbers: [u32; 3]| HeatRow {
            of: of.to_owned(),
            numbers: numbers.into(),
            lists: numbers.map(|number| format!("/list/{number}")).into(),
        };
        let columns = ["Derbyshire", "Lincolnshire", "Nottinghamshire"];
        let map = Heat::new(
            "themes",
            ("Commitments", "Theme"),
            columns.map(str::to_owned).to_vec(),
            vec![row("Skills Pledge", [0, 1, 10]), row("Equality", [4, 5, 9])],
        );
        let html = map.to_string();
        let levels = [0, 1, 10, 4, 5, 9].map(|number| map.level(&number));
        assert_eq!(levels, [0, 1, 5, 2, 3, 5]);
        for level in [0, 1, 2, 3, 5] {
            assert!(html.contains(&format!("ink-heat-{level}")), "{html}");
        }
        assert!(
            html.contains("href=\"/list/10\">10<") && !html.contains("/list/0"),
            "{html}"
        );
        assert!(html.contains("Lincolnshire"), "{html}");
        assert!(
            !html.contains("fill=\"#") && !html.contains("style="),
            "{html}"
        );
    }
}
