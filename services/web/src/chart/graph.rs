//! What passes between places: each a point on a circle, each pair joined by an arrow with how much went that way.

use std::f64::consts::TAU;

use askama::Template;

use crate::parts::html;

html!(Graph);

/// How far points stand apart on the circle, at least.
const APART: f64 = 74.0;
/// The smallest circle's radius.
const LEAST: f64 = 120.0;
/// What is left beside the circle for names: for each letter, and besides.
const LETTER: f64 = 8.8;
const BESIDE: f64 = 34.0;
/// What is left above and below.
const ABOVE: f64 = 46.0;
/// A point's radius.
const POINT: f64 = 9.0;

/// That so much went from one place to another: places by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    /// From where.
    pub from: usize,
    /// To where.
    pub to: usize,
    /// How much.
    pub count: u64,
}

/// A point with its name.
#[derive(Clone, Debug)]
struct Place {
    name: String,
    x: String,
    y: String,
    name_x: String,
    name_y: String,
    anchor: &'static str,
}

/// An arrow with its number.
#[derive(Clone, Debug)]
struct Arrow {
    path: String,
    x: String,
    y: String,
    count: u64,
}

/// What passes between places, drawn. The page has the table beside it.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/graph.html")]
pub struct Graph {
    id: String,
    caption: String,
    width: u32,
    height: u32,
    places: Vec<Place>,
    arrows: Vec<Arrow>,
}

impl Graph {
    /// These places, and what passed between them. What names no place, or goes nowhere, is left out.
    pub fn new(
        id: impl Into<String>,
        caption: impl Into<String>,
        names: &[String],
        passed: &[Passed],
    ) -> Self {
        let all = u32::try_from(names.len()).unwrap_or(u32::MAX).max(1);
        let radius = LEAST.max(f64::from(all) * APART / TAU);
        let letters = names.iter().map(|name| name.chars().count()).max();
        let letters = u32::try_from(letters.unwrap_or_default()).unwrap_or_default();
        let beside = f64::from(letters) * LETTER + BESIDE;
        let (width, height) = (2.0 * (radius + beside), 2.0 * (radius + ABOVE));
        let centre = (width / 2.0, height / 2.0);
        let at = |nth: usize| {
            let turn = f64::from(u32::try_from(nth).unwrap_or_default()) / f64::from(all);
            let angle = TAU * turn - TAU / 4.0;
            (
                (
                    centre.0 + radius * angle.cos(),
                    centre.1 + radius * angle.sin(),
                ),
                (angle.cos(), angle.sin()),
            )
        };
        let places = names
            .iter()
            .enumerate()
            .map(|(nth, name)| place(name, at(nth)));
        let there = |it: &&Passed| it.from != it.to && it.from.max(it.to) < names.len();
        let arrows = passed.iter().filter(there);
        let arrows = arrows.map(|it| arrow((at(it.from).0, at(it.to).0), it.count));
        Self {
            id: id.into(),
            caption: caption.into(),
            width: whole(width),
            height: whole(height),
            places: places.collect(),
            arrows: arrows.collect(),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rounded, and never negative"
)]
fn whole(length: f64) -> u32 {
    length.round() as u32
}

fn written(length: f64) -> String {
    format!("{length:.1}")
}

fn place(name: &str, ((x, y), (right, down)): ((f64, f64), (f64, f64))) -> Place {
    let (anchor, beside) = if right > 0.2 {
        ("start", POINT + 7.0)
    } else if right < -0.2 {
        ("end", -(POINT + 7.0))
    } else {
        ("middle", 0.0)
    };
    let below = if anchor == "middle" {
        down * (POINT + 17.0)
    } else {
        0.0
    };
    Place {
        name: name.to_owned(),
        x: written(x),
        y: written(y),
        name_x: written(x + beside),
        name_y: written(y + below + 5.0),
        anchor,
    }
}

/// From one point to another, bent to its right, so that what goes back has a line of its own.
fn arrow((from, to): ((f64, f64), (f64, f64)), count: u64) -> Arrow {
    let (across, down) = (to.0 - from.0, to.1 - from.1);
    let length = across.hypot(down).max(1.0);
    let (right, below) = (across / length, down / length);
    let bend = (length * 0.16).min(46.0);
    let middle = (
        f64::midpoint(from.0, to.0) - below * bend,
        f64::midpoint(from.1, to.1) + right * bend,
    );
    let short = |(x, y): (f64, f64), gap: f64| {
        let (across, down) = (middle.0 - x, middle.1 - y);
        let length = across.hypot(down).max(1.0);
        (x + across / length * gap, y + down / length * gap)
    };
    let (begin, end) = (short(from, POINT + 3.0), short(to, POINT + 5.0));
    let path = format!(
        "M{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}",
        begin.0, begin.1, middle.0, middle.1, end.0, end.1
    );
    // The curve passes half-way to the point that bends it.
    let number = (
        f64::midpoint(f64::midpoint(from.0, to.0), middle.0),
        f64::midpoint(f64::midpoint(from.1, to.1), middle.1),
    );
    Arrow {
        path,
        x: written(number.0),
        y: written(number.1),
        count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(all: &[&str]) -> Vec<String> {
        all.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn each_place_is_drawn_with_its_name_and_each_way_has_an_arrow_of_its_own() {
        let there = Passed {
            from: 0,
            to: 1,
            count: 3,
        };
        let back = Passed {
            from: 1,
            to: 0,
            count: 7,
        };
        let graph = Graph::new(
            "g",
            "Taken up",
            &names(&["Derbyshire", "Lincolnshire & Rutland"]),
            &[there, back],
        );
        let html = graph.to_string();
        assert_eq!(graph.arrows.len(), 2);
        assert_ne!(graph.arrows[0].path, graph.arrows[1].path);
        assert!(html.contains(">3<") && html.contains(">7<"), "{html}");
        assert!(
            html.contains("Derbyshire") && !html.contains("Lincolnshire & Rutland"),
            "{html}"
        );
        assert!(!html.contains("style=") && !html.contains("NaN"), "{html}");
    }

    #[test]
    fn what_names_no_place_is_left_out_and_many_places_have_room() {
        let nowhere = Passed {
            from: 0,
            to: 9,
            count: 1,
        };
        let itself = Passed {
            from: 0,
            to: 0,
            count: 1,
        };
        let few = Graph::new("g", "Taken up", &names(&["A", "B"]), &[nowhere, itself]);
        assert!(few.arrows.is_empty());
        let many: Vec<String> = (0..50).map(|nth| format!("Compact {nth}")).collect();
        let graph = Graph::new("g", "Taken up", &many, &[]);
        assert!(
            graph.height > few.height * 3,
            "{} {}",
            graph.height,
            few.height
        );
    }
}
