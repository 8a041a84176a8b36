//! What is asked of a commitment in several forms: what it belongs to, and how it is measured.

use super::{Choosable, Commitment};
use crate::documents::words::MeasureKind;
use crate::form::{Blank, Choice, Choices, DateField, Field, Fields, Kind, Select};

/// A line for a short answer.
pub fn short(name: &'static str, label: &'static str) -> Field {
    Field {
        short: true,
        ..Field::words(name, label)
    }
}

/// The aims, themes and groups of a commitment.
pub fn places(choices: Option<&Choosable>, commitment: Option<&Commitment>) -> Vec<Blank> {
    let themes = choices.and_then(|all| all.themes.as_ref());
    let themes = themes.map(|all| all.nodes.as_slice()).unwrap_or_default();
    let themes = themes.iter().map(|one| Choice::new(&one.code, &one.name));
    let groups = choices.and_then(|all| all.compact.as_ref());
    let groups = groups.map(|all| all.groups.as_slice()).unwrap_or_default();
    let had = |id: &str| {
        let mut own = commitment.into_iter().flat_map(|one| &one.groups);
        own.any(|group| group.id == id)
    };
    let groups = groups
        .iter()
        .filter(|group| group.wound_up.is_none() || had(&group.id))
        .map(|group| Choice::new(&group.id, &group.name));
    let small = |choices: Choices| Choices {
        small: true,
        ..choices
    };
    let own_themes = commitment.into_iter().flat_map(|one| &one.themes);
    let own_themes = own_themes.map(|theme| theme.code.clone());
    let own_groups = commitment.into_iter().flat_map(|one| &one.groups);
    let own_groups = own_groups.map(|group| group.id.clone());
    vec![
        Field::words("aims", "Which aims of the charter does it serve?")
            .hinting("Their numbers, with commas between them, such as 1, 3. May be left empty.")
            .with(&commitment.map_or(String::new(), |one| one.aims.join(", ")))
            .into(),
        small(Choices::new(Kind::Checkboxes, "themes", "Themes", themes).with(own_themes)).into(),
        small(
            Choices::new(Kind::Checkboxes, "groups", "Groups that work on it", groups)
                .with(own_groups),
        )
        .into(),
    ]
}

/// How a measure counts, with what helps to choose.
const KINDS: [(MeasureKind, &str, &str); 5] = [
    (
        MeasureKind::Additional,
        "So many more than before",
        "Each reading says how many have come on top.",
    ),
    (
        MeasureKind::Total,
        "So many in all",
        "Each reading says how many there are.",
    ),
    (
        MeasureKind::IncreaseOnBaseline,
        "So much above where it began",
        "Needs the baseline: the figure it began at, and its day.",
    ),
    (
        MeasureKind::Milestone,
        "Reached or not",
        "Needs something that is counted in yes or no.",
    ),
    (
        MeasureKind::Narrative,
        "Told in words",
        "No figures: what came of it is reported in words.",
    ),
];

/// What is asked of a new measure.
pub fn measuring(choices: Option<&Choosable>) -> Vec<Blank> {
    let known = choices.and_then(|all| all.indicators.as_ref());
    let known = known.map(|all| all.nodes.as_slice()).unwrap_or_default();
    let known = known
        .iter()
        .map(|one| Choice::new(&one.id, format!("{} ({})", one.name, one.unit)));
    let indicators = std::iter::once(Choice::new("", "Choose what is counted")).chain(known);
    let kinds = KINDS.into_iter().map(|(kind, words, hint)| Choice {
        hint: hint.to_owned(),
        ..Choice::new(kind.name(), words)
    });
    let counted = Select {
        hint: "From the region's register, so that compacts count the same things. What is missing there, the regional administrator adds.".into(),
        ..Select::new("indicatorId", "What is counted?", indicators)
    };
    vec![
        counted.into(),
        Choices::new(Kind::Radios, "kind", "How is it counted?", kinds).into(),
        short("target", "The target")
            .hinting("A number, such as 20. May be left empty.")
            .into(),
        DateField::new("dueOn", "By when is it to be reached?")
            .hinting("May be left empty.")
            .into(),
        short("baseline", "The baseline: the figure it begins at")
            .hinting("Leave it empty where it is not counted yet, or where there is none.")
            .into(),
        DateField::new("baselineOn", "On which day is the baseline counted?")
            .hinting("May be left empty.")
            .into(),
    ]
}

/// The aims that were typed, one by one.
pub fn aims(fields: &Fields) -> Vec<String> {
    let typed = fields.one("aims").split([',', ';']);
    let aims = typed.map(str::trim).filter(|aim| !aim.is_empty());
    aims.map(str::to_owned).collect()
}

/// Everything that was ticked under this name.
pub fn ticked(fields: &Fields, name: &str) -> Vec<String> {
    fields.all(name).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aims_are_told_apart_however_they_are_written() {
        let fields = Fields::from_iter([("aims", " 1, 3;4 ,, ")]);
        assert_eq!(aims(&fields), ["1", "3", "4"]);
    }
}
