//! Figures over time: a line through what was read, and another where it was to go.

use std::ops::Range;

use askama::Template;
use chrono::{Datelike, NaiveDate};
use plotters::coord::combinators::BindKeyPoints;
use plotters::prelude::{
    ChartBuilder, Circle, IntoDrawingArea, LineSeries, PathElement, SVGBackend,
};
use plotters::style::{Color, IntoTextStyle, ShapeStyle};

use super::{Ink, finished};
use crate::parts::html;
use crate::uk;

html!(Line);

const SIZE: (u32, u32) = (480, 220);

/// A figure on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// When it was true.
    pub on: NaiveDate,
    /// The figure as it was recorded.
    pub figure: String,
    /// What it rests on.
    pub source: String,
}

/// Figures over time, drawn and as a table.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/line.html")]
pub struct Line {
    /// Tells this chart from others on its page.
    pub id: String,
    /// What the figures tell.
    pub title: String,
    /// In what they count.
    pub unit: String,
    /// What was read, by day.
    pub points: Vec<Point>,
    /// Where it was to go, and by when.
    pub target: Option<(String, Option<NaiveDate>)>,
    svg: String,
}

impl Line {
    /// The chart of these figures. It is drawn where two or more of them are numbers; the table is there anyway.
    pub fn new(
        id: impl Into<String>,
        (title, unit): (impl Into<String>, impl Into<String>),
        mut points: Vec<Point>,
        target: Option<(String, Option<NaiveDate>)>,
    ) -> Self {
        points.sort_by_key(|point| point.on);
        let numbers = points.iter().filter_map(|point| {
            let number: f64 = point.figure.parse().ok()?;
            Some((point.on.num_days_from_ce(), number))
        });
        let numbers: Vec<(i32, f64)> = numbers.collect();
        let aim = target.as_ref().and_then(|(figure, on)| {
            let number: f64 = figure.parse().ok()?;
            Some((on.map(|on| on.num_days_from_ce()), number))
        });
        let svg = if numbers.len() < 2 {
            String::new()
        } else {
            drawn(&numbers, aim).unwrap_or_else(|error| {
                tracing::error!(%error, "a chart could not be drawn");
                String::new()
            })
        };
        Self {
            id: id.into(),
            title: title.into(),
            unit: unit.into(),
            points,
            target,
            svg,
        }
    }
}

/// From the first day to the last, the target's too.
fn days(points: &[(i32, f64)], aim: Option<(Option<i32>, f64)>) -> Range<i32> {
    let all = points.iter().map(|(day, _)| *day);
    let all = all.chain(aim.and_then(|(day, _)| day));
    let (first, last) = all.fold((i32::MAX, i32::MIN), |(first, last), day| {
        (first.min(day), last.max(day))
    });
    first..last.max(first + 1)
}

/// From nothing, or the lowest below it, to a little above the highest.
fn heights(points: &[(i32, f64)], aim: Option<(Option<i32>, f64)>) -> Range<f64> {
    let all = points.iter().map(|(_, figure)| *figure);
    let all = all.chain(aim.map(|(_, figure)| figure));
    let (low, high) = all.fold((0.0_f64, 0.0_f64), |(low, high), figure| {
        (low.min(figure), high.max(figure))
    });
    let room = ((high - low) * 0.08).max(0.5);
    low..high + room
}

/// Where the days are named: at both ends, and in the middle.
fn named(days: &Range<i32>) -> Vec<i32> {
    let middle = i32::midpoint(days.start, days.end);
    let mut named = vec![days.start, middle, days.end];
    named.dedup();
    named
}

fn drawn(points: &[(i32, f64)], aim: Option<(Option<i32>, f64)>) -> Result<String, String> {
    let told = |error: &dyn std::fmt::Display| error.to_string();
    let (days, heights) = (days(points, aim), heights(points, aim));
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let across = days.clone().with_key_points(named(&days));
        let mut chart = ChartBuilder::on(&area)
            .margin_top(8)
            .margin_right(40)
            .x_label_area_size(26)
            .y_label_area_size(56)
            .build_cartesian_2d(across, heights)
            .map_err(|error| told(&error))?;
        let letters = ("sans-serif", 15)
            .into_text_style(&area)
            .with_color(Ink::Text.colour());
        chart
            .configure_mesh()
            .disable_x_mesh()
            .y_labels(4)
            .light_line_style(plotters::style::TRANSPARENT)
            .bold_line_style(Ink::Grid.colour().stroke_width(1))
            .axis_style(Ink::Axis.colour().stroke_width(1))
            .label_style(letters)
            .x_label_formatter(&|day| label(*day))
            .y_label_formatter(&|figure| uk::number(&short(*figure)))
            .draw()
            .map_err(|error| told(&error))?;
        if let Some((_, figure)) = aim {
            let ends = [(days.start, figure), (days.end, figure)];
            let style: ShapeStyle = Ink::Second.colour().stroke_width(2);
            chart
                .draw_series([PathElement::new(ends, style)])
                .map_err(|error| told(&error))?;
        }
        let line: ShapeStyle = Ink::First.colour().stroke_width(3);
        chart
            .draw_series(LineSeries::new(points.iter().copied(), line))
            .map_err(|error| told(&error))?;
        let dots = points.iter();
        chart
            .draw_series(dots.map(|at| Circle::new(*at, 4, Ink::First.colour().filled())))
            .map_err(|error| told(&error))?;
        area.present().map_err(|error| told(&error))?;
    }
    Ok(finished(&svg, SIZE))
}

fn label(day: i32) -> String {
    let day = NaiveDate::from_num_days_from_ce_opt(day);
    day.map(|day| day.format("%b %Y").to_string())
        .unwrap_or_default()
}

/// A number as short as it can be said on an axis.
fn short(figure: f64) -> String {
    let text = format!("{figure:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(year: i32, figure: &str) -> Point {
        Point {
            on: NaiveDate::from_ymd_opt(year, 3, 31).expect("a day"),
            figure: figure.to_owned(),
            source: "the college's return".to_owned(),
        }
    }

    #[test]
    fn a_line_is_drawn_in_classes_and_its_table_says_the_same() {
        let points = vec![point(2009, "1250"), point(2008, "400.5")];
        let target = Some(("2000".to_owned(), NaiveDate::from_ymd_opt(2010, 3, 31)));
        let chart = Line::new("m1", ("Qualifications", "people"), points, target);
        let html = chart.to_string();
        assert!(
            html.contains("class=\"ink-line-1\"") && html.contains("class=\"ink-line-2\""),
            "{html}"
        );
        assert!(
            html.contains("class=\"ink-fill-1\"") && html.contains("class=\"ink-text\""),
            "{html}"
        );
        for foreign in ["fill=\"#", "stroke=\"#", "style=", "FEFD"] {
            assert!(!html.contains(foreign), "{foreign}: {html}");
        }
        for said in ["1,250", "400.5", "31 March 2008", "2,000", "the college"] {
            assert!(html.contains(said), "{said}: {html}");
        }
        let earlier = html.find("31 March 2008").expect("the first");
        assert!(earlier < html.find("31 March 2009").expect("the second"));
    }

    #[test]
    fn one_figure_makes_no_line_and_words_are_no_figures() {
        let one = Line::new("m", ("x", "y"), vec![point(2008, "1")], None);
        assert!(!one.to_string().contains("<svg"));
        let words = vec![point(2008, "some"), point(2009, "more")];
        assert!(
            !Line::new("m", ("x", "y"), words, None)
                .to_string()
                .contains("<svg")
        );
    }
}
