//! How far something has come: a bar beside the words that say it.

use askama::Template;

use crate::parts::html;

html!(Progress);

/// How far something has come. The words beside it say the same.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "parts/progress.html")]
pub struct Progress {
    /// How far, in hundredths of the whole way; more than a hundred is shown as the whole.
    pub hundredths: u32,
    /// Whether the target is reached.
    pub reached: bool,
}

impl Progress {
    /// Of a fraction as the schema tells it, such as `0.4375`; none where that is no number.
    pub fn of(fraction: &str, reached: bool) -> Option<Self> {
        let fraction: f64 = fraction.parse().ok()?;
        let hundredths = (fraction.max(0.0) * 100.0).round();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "rounded, not negative, and cut off"
        )]
        let hundredths = hundredths.min(1e6) as u32;
        Some(Self {
            hundredths,
            reached,
        })
    }

    /// How wide the bar is, of two hundred.
    fn width(&self) -> u32 {
        self.hundredths.min(100) * 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_part_of_the_way_and_never_longer_than_the_way() {
        let bar = |fraction| Progress::of(fraction, false).expect("a number");
        assert_eq!((bar("0.4375").hundredths, bar("0.4375").width()), (44, 88));
        assert_eq!((bar("2.5").hundredths, bar("2.5").width()), (250, 200));
        assert_eq!(bar("-1").width(), 0);
        assert_eq!(Progress::of("none", false), None);
        assert!(bar("0.5").to_string().contains("width=\"100\""));
    }
}
