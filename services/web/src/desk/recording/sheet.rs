//! The form of a meeting as it was sent, put in order: rows counted from nought without gaps, rows added and taken out by its buttons.

use crate::form::{Fields, TOKEN};

/// What the button that was pressed is called.
pub const STEP: &str = "step";

/// The lists there are, and below each row of them which.
const LISTS: [(&str, &[&str]); 4] = [
    ("attendance", &[]),
    ("others", &[]),
    ("items", &["actions", "updates"]),
    ("updates", &["changes"]),
];

/// The first field of a row of each list: a row that was just added has it, empty.
const fn first_field(list: &str) -> &'static str {
    match list.as_bytes() {
        b"items" => "title",
        b"others" => "who",
        b"changes" => "what",
        _ => "text",
    }
}

/// What a button asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// To keep what is typed.
    Keep,
    /// To look through it all before it is recorded.
    Check,
    /// One more row in this list.
    Add(String),
    /// This row out.
    Remove(String),
}

impl Step {
    /// What the form's button says.
    pub fn of(fields: &Fields) -> Self {
        let said = fields.one(STEP);
        match said.split_once(':') {
            Some(("add", list)) => Self::Add(list.to_owned()),
            Some(("remove", row)) => Self::Remove(row.to_owned()),
            _ if said == "check" => Self::Check,
            _ => Self::Keep,
        }
    }
}

/// The form without what belongs to its sending, its rows without gaps.
pub fn in_order(fields: &Fields) -> Fields {
    let own = |name: &str| name != TOKEN && name != STEP && name != "draftVersion";
    let typed = fields.iter().filter(|(name, _)| own(name));
    let typed: Fields = typed.collect();
    below(&typed, "", &["attendance", "others", "items"])
}

/// The fields below `place`, the rows of these lists counted anew.
fn below(fields: &Fields, place: &str, lists: &[&str]) -> Fields {
    let mut found: Vec<(String, String)> = Vec::new();
    let of_a_list = |rest: &str| lists.iter().any(|list| in_list(rest, list));
    let plain = fields.iter().filter_map(|(name, value)| {
        let rest = name.strip_prefix(place)?;
        (!of_a_list(rest)).then(|| (name.to_owned(), value.to_owned()))
    });
    found.extend(plain);
    for list in lists {
        let rows = fields.rows(&format!("{place}{list}"));
        for (at, row) in rows.into_iter().enumerate() {
            let (old, new) = (
                format!("{place}{list}.{row}."),
                format!("{place}{list}.{at}."),
            );
            let inside = fields.iter().filter_map(|(name, value)| {
                let rest = name.strip_prefix(&old)?;
                Some((format!("{new}{rest}"), value.to_owned()))
            });
            let inside: Fields = inside.collect();
            let deeper = LISTS.iter().find(|(known, _)| known == list);
            let deeper = deeper.map_or(&[] as &[&str], |(_, deeper)| deeper);
            let inside = below(&inside, &new, deeper);
            found.extend(
                inside
                    .iter()
                    .map(|(name, value)| (name.to_owned(), value.to_owned())),
            );
        }
    }
    found.into_iter().collect()
}

fn in_list(rest: &str, list: &str) -> bool {
    rest.strip_prefix(list)
        .is_some_and(|rest| rest.starts_with('.'))
}

/// The form with one more row in this list, and that row.
pub fn with_row(fields: &Fields, list: &str) -> (Fields, String) {
    let next = fields.rows(list).last().map_or(0, |last| last + 1);
    let row = format!("{list}.{next}");
    let kind = list.rsplit('.').next().unwrap_or_default();
    let first = format!("{row}.{}", first_field(kind));
    let all = fields
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let all = all.chain([(first.clone(), String::new())]);
    (all.collect(), first)
}

/// The form with a row more or less, where its button asks for that.
pub fn grown(fields: &Fields) -> Option<Fields> {
    match Step::of(fields) {
        Step::Add(list) => Some(with_row(&in_order(fields), &list).0),
        Step::Remove(row) => Some(without_row(fields, &row)),
        Step::Keep | Step::Check => None,
    }
}

/// The form without this row.
pub fn without_row(fields: &Fields, row: &str) -> Fields {
    let inside = format!("{row}.");
    let rest = fields.iter().filter(|(name, _)| !name.starts_with(&inside));
    in_order(&rest.collect())
}

/// The field to go on with where this row was taken out: of the row in its place, or else of the one before it.
pub fn beside(fields: &Fields, row: &str) -> Option<String> {
    let (list, at) = row.rsplit_once('.')?;
    let at: usize = at.parse().ok()?;
    let left = fields.rows(list);
    let next = left.iter().find(|row| **row >= at).or(left.last())?;
    let kind = list.rsplit('.').next().unwrap_or_default();
    Some(format!("{list}.{next}.{}", first_field(kind)))
}

/// Whether anything was typed in this row, beside what these fields say.
pub fn is_blank(fields: &Fields, row: &str, but: &[&str]) -> bool {
    let inside = format!("{row}.");
    !fields.iter().any(|(name, value)| {
        let rest = name.strip_prefix(&inside);
        rest.is_some_and(|rest| !but.contains(&rest)) && !value.trim().is_empty()
    })
}

/// The heading under which an item was suggested, beside an agenda that was set.
pub const SUGGESTED: &str = "suggested";

/// What a row of the items has of its own, before anything is typed in it.
const OF_AN_ITEM: [&str; 3] = ["note", "itemId", SUGGESTED];

/// What becomes of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Nothing: the row is empty.
    Blank,
    /// It is left out: it was suggested, and nobody wrote anything under it.
    Untouched,
    /// It is recorded.
    Recorded,
}

/// What becomes of the item in this row. What stood on an agenda that was set beforehand is recorded, whether or not it was spoken of.
pub fn kept(fields: &Fields, row: &str) -> Kept {
    if is_blank(fields, row, &OF_AN_ITEM) {
        return Kept::Blank;
    }
    let one = |name: &str| fields.one(&format!("{row}.{name}")).trim();
    let suggested = !one(SUGGESTED).is_empty() && one(SUGGESTED) == one("title");
    if !suggested || !one("itemId").is_empty() {
        return Kept::Recorded;
    }
    let inside = format!("{row}.");
    // A new action has the objective it serves chosen beforehand.
    let beforehand = |name: &str| {
        name == "title"
            || OF_AN_ITEM.contains(&name)
            || (name.starts_with("actions.") && name.ends_with(".objective"))
    };
    let typed = fields.iter().any(|(name, value)| {
        let inside = name.strip_prefix(&inside);
        inside.is_some_and(|name| !beforehand(name)) && !value.trim().is_empty()
    });
    if typed {
        Kept::Recorded
    } else {
        Kept::Untouched
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(fields: &Fields) -> Vec<&str> {
        fields.iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn rows_are_counted_without_gaps_however_deep_they_lie() {
        let sent = Fields::from_iter([
            ("form", "token"),
            ("step", "check"),
            ("venue", "x"),
            ("items.4.title", "b"),
            ("items.4.updates.3.text", "u"),
            ("items.4.updates.3.changes.9.what", "DROPPED"),
            ("items.1.title", "a"),
        ]);
        let ordered = in_order(&sent);
        assert_eq!(
            names(&ordered),
            [
                "venue",
                "items.0.title",
                "items.1.title",
                "items.1.updates.0.text",
                "items.1.updates.0.changes.0.what"
            ]
        );
        let (more, row) = with_row(&ordered, "items.1.updates.0.changes");
        assert_eq!(row, "items.1.updates.0.changes.1.what");
        assert_eq!(more.rows("items.1.updates.0.changes"), [0, 1]);
        let less = without_row(&more, "items.0");
        assert_eq!(less.one("items.0.title"), "b");
        let on = |row| beside(&less, row);
        assert_eq!(on("items.0").as_deref(), Some("items.0.title"));
        assert_eq!(on("items.1").as_deref(), Some("items.0.title"));
        assert_eq!(
            on("items.0.updates.0.changes.2").as_deref(),
            Some("items.0.updates.0.changes.1.what")
        );
        assert_eq!(on("items.0.actions.0"), None);
        assert!(is_blank(&more, "items.1.updates.0.changes.1", &[]));
        assert!(is_blank(&more, "items.0", &["title"]) && !is_blank(&more, "items.0", &[]));
    }

    #[test]
    fn an_item_that_was_suggested_and_that_nobody_touched_is_left_out() {
        let of = |more: &[(&str, &str)]| {
            let suggested = [
                ("items.0.title", "Matters arising"),
                ("items.0.suggested", "Matters arising"),
                ("items.0.note", "Two actions are overdue"),
                ("items.0.itemId", ""),
                ("items.0.discussion", " "),
                ("items.0.updates.0.text", ""),
                ("items.0.actions.0.objective", "new"),
                ("items.0.actions.0.text", ""),
            ];
            let typed = suggested.iter().filter(|(name, _)| {
                let mut more = more.iter();
                !more.any(|(other, _)| other == name)
            });
            kept(&typed.chain(more).copied().collect(), "items.0")
        };
        assert_eq!(of(&[]), Kept::Untouched);
        for touched in [
            ("items.0.title", "Matters that arose"),
            ("items.0.discussion", "Nothing arose."),
            ("items.0.decision", "To go on."),
            ("items.0.carriedOver", "yes"),
            ("items.0.updates.0.objectiveIds", "an objective"),
            ("items.0.actions.0.text", "Write to them"),
            ("items.0.itemId", "on the agenda"),
            ("items.0.suggested", ""),
        ] {
            assert_eq!(of(&[touched]), Kept::Recorded, "{touched:?}");
        }
        let nothing = [("items.0.title", ""), ("items.0.actions.0.objective", "")];
        assert_eq!(of(&nothing), Kept::Blank);
    }

    #[test]
    fn a_button_says_what_it_asks_for() {
        let step = |said| Step::of(&Fields::from_iter([("step", said)]));
        assert_eq!(
            step("add:items.2.actions"),
            Step::Add("items.2.actions".into())
        );
        assert_eq!(step("remove:items.2"), Step::Remove("items.2".into()));
        assert_eq!((step("check"), step("")), (Step::Check, Step::Keep));
    }
}
