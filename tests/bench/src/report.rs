//! Figures, ratios and aims: as tables for people, as JSON for programs.

use std::fmt::{self, Write as _};

use serde::Serialize;

use crate::machine::Machine;
use crate::measure::{Sample, median};

/// Everything one run found.
#[derive(Serialize)]
pub struct Report {
    /// Where and on what it ran.
    pub machine: Machine,
    /// How it ran.
    pub settings: Settings,
    /// What it found, case by case.
    pub cases: Vec<Case>,
}

/// How a run was set.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Settings {
    /// How long one sample takes.
    pub seconds: f64,
    /// How many times every contender is sampled, in turn.
    pub rounds: usize,
    /// Whether sizes are cut down to prove only that everything runs.
    pub quick: bool,
}

/// Contenders measured in turn under the same conditions.
#[derive(Serialize)]
pub struct Case {
    /// What was measured, in words.
    pub title: String,
    /// What each contender reached.
    pub figures: Vec<Figure>,
    /// How they compare.
    pub ratios: Vec<Ratio>,
}

/// What one contender reached.
#[derive(Serialize)]
pub struct Figure {
    /// The contender.
    pub name: String,
    /// What its figures count.
    pub unit: &'static str,
    /// The middle one of its rounds.
    pub median: f64,
    /// One figure per round.
    pub rounds: Vec<f64>,
    /// The median of the rounds' latencies, where there are any: half of the calls, 99 in 100, in milliseconds.
    pub latency_ms: Option<[f64; 2]>,
    /// The median of the rounds' processor time per command, client and server, in microseconds.
    pub cpu_us: Option<[f64; 2]>,
}

/// One contender's figures over another's.
#[derive(Serialize)]
pub struct Ratio {
    /// Over which.
    pub name: String,
    /// The median of the rounds' own ratios: what disturbs a round disturbs both of its sides.
    pub value: f64,
    /// What it should be, if something was promised.
    pub aim: Option<Aim>,
    /// Whether it is so.
    pub reached: Option<bool>,
}

/// What a ratio should be.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    /// No less than this.
    AtLeast(f64),
    /// No more than this.
    AtMost(f64),
}

impl Aim {
    fn reached(self, value: f64) -> bool {
        match self {
            Self::AtLeast(bound) => value >= bound,
            Self::AtMost(bound) => value <= bound,
        }
    }
}

impl fmt::Display for Aim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(bound) => write!(f, "at least {bound}"),
            Self::AtMost(bound) => write!(f, "at most {bound}"),
        }
    }
}

impl Case {
    /// A case with nothing measured yet.
    pub const fn new(title: String) -> Self {
        Self {
            title,
            figures: Vec::new(),
            ratios: Vec::new(),
        }
    }

    /// Adds what a contender's samples say, as commands per second.
    pub fn add_samples(&mut self, name: String, samples: &[Sample]) {
        let middle = |of: fn(&Sample) -> f64| median(&samples.iter().map(of).collect::<Vec<_>>());
        let rounds: Vec<f64> = samples.iter().map(Sample::per_second).collect();
        self.figures.push(Figure {
            name,
            unit: "commands/s",
            median: median(&rounds),
            rounds,
            latency_ms: Some([
                middle(|sample| sample.p50_ms),
                middle(|sample| sample.p99_ms),
            ]),
            cpu_us: Some([
                middle(|sample| sample.cpu_us()[0]),
                middle(|sample| sample.cpu_us()[1]),
            ]),
        });
    }

    /// Adds one figure per round.
    pub fn add_rounds(&mut self, name: &str, unit: &'static str, rounds: Vec<f64>) {
        self.figures.push(Figure {
            name: name.to_owned(),
            unit,
            median: median(&rounds),
            rounds,
            latency_ms: None,
            cpu_us: None,
        });
    }

    /// Compares two contenders of this case, if both were measured.
    pub fn compare_named(&mut self, above: &str, below: &str, aim: Option<Aim>) {
        let place = |name: &str| self.figures.iter().position(|figure| figure.name == name);
        if let (Some(above), Some(below)) = (place(above), place(below)) {
            self.compare(above, below, aim);
        }
    }

    /// Compares two contenders of this case, round by round.
    pub fn compare(&mut self, above: usize, below: usize, aim: Option<Aim>) {
        let (above, below) = (&self.figures[above], &self.figures[below]);
        let each: Vec<f64> = above
            .rounds
            .iter()
            .zip(&below.rounds)
            .map(|(a, b)| a / b)
            .collect();
        let value = median(&each);
        self.ratios.push(Ratio {
            name: format!("{} / {}", above.name, below.name),
            value,
            aim,
            reached: aim.map(|aim| aim.reached(value)),
        });
    }

    /// The case as a table.
    pub fn table(&self) -> String {
        let mut out = format!("\n{}\n", self.title);
        for figure in &self.figures {
            let low = figure.rounds.iter().copied().fold(f64::INFINITY, f64::min);
            let high = figure.rounds.iter().copied().fold(0.0, f64::max);
            let _ = write!(
                out,
                "  {:<44} {:>11} {:<10} ({} to {})",
                figure.name,
                grouped(figure.median),
                figure.unit,
                grouped(low),
                grouped(high),
            );
            if let Some([half, most]) = figure.latency_ms {
                let _ = write!(out, "  p50 {half:.2} ms, p99 {most:.2} ms");
            }
            if let Some([client, server]) = figure.cpu_us {
                let _ = write!(out, "  cpu {client:.0} + {server:.0} us");
            }
            out.push('\n');
        }
        for ratio in &self.ratios {
            let _ = write!(out, "  {:<44} {:>11.2}", ratio.name, ratio.value);
            if let (Some(aim), Some(reached)) = (ratio.aim, ratio.reached) {
                let verdict = if reached { "PASS" } else { "short of aim" };
                let _ = write!(out, " x         aim: {aim}  {verdict}");
            }
            out.push('\n');
        }
        out
    }
}

impl Report {
    /// The aims reached, and all there are.
    pub fn score(&self) -> (usize, usize) {
        let verdicts = || {
            self.cases
                .iter()
                .flat_map(|case| &case.ratios)
                .filter_map(|ratio| ratio.reached)
        };
        (
            verdicts().filter(|reached| *reached).count(),
            verdicts().count(),
        )
    }
}

/// "1 ledger", "5 ledgers".
pub fn ledgers(count: usize) -> String {
    if count == 1 {
        "1 ledger".to_owned()
    } else {
        format!("{count} ledgers")
    }
}

/// A figure without decimals, its thousands set apart; small ones keep three digits.
fn grouped(value: f64) -> String {
    if value < 100.0 {
        return format!("{value:.2}");
    }
    let digits = format!("{value:.0}");
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Aim, Case, grouped};

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(grouped(1_234_567.4), "1,234,567");
        assert_eq!(grouped(123.0), "123");
        assert_eq!(grouped(0.4567), "0.46");
    }

    #[test]
    fn a_ratio_short_of_its_aim_is_called_so() {
        let mut case = Case::new("a case".to_owned());
        case.add_rounds("ours", "events/s", vec![150.0, 300.0, 150.0]);
        case.add_rounds("theirs", "events/s", vec![100.0, 100.0, 300.0]);
        case.compare(0, 1, Some(Aim::AtLeast(2.0)));
        case.compare(0, 1, Some(Aim::AtMost(1.5)));
        assert_eq!(case.ratios[0].reached, Some(false));
        assert_eq!(case.ratios[1].reached, Some(true));
        assert!(case.table().contains("short of aim"));
    }
}
