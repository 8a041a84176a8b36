//! Figures that somebody else entered while a form was filled in. A reading is added and writes nothing over, so no version stands in its
//! way; but whoever enters one sees first what came meanwhile.

use super::{Found, Measure, known};
use crate::documents::scalars::Date;
use crate::form::{Conflict, DateField, Fields, Ground};
use crate::uk;

/// What was known of these measures when the form was shown. They are changed one by one, so it is of no version.
pub fn ground<'m>(measures: impl Iterator<Item = &'m Measure>) -> Ground {
    measures.fold(Ground::new(0), |ground, measure| {
        ground.and(measure.id.clone(), measure.name.clone(), known(measure))
    })
}

/// What was typed of a measure, as it would be known.
fn typed(fields: &Fields, measure: &Measure) -> Option<(String, Option<Date>)> {
    let mut rows = fields.rows("rows").into_iter();
    let row = rows.find(|at| fields.one(&format!("rows.{at}.measureId")) == measure.id)?;
    let value = fields.some(&format!("rows.{row}.value"))?;
    let on = DateField::read(fields, "takenOn").ok().flatten();
    Some((value.replace([',', ' '], ""), on))
}

/// Both figures of every measure that somebody else entered a figure of meanwhile; none where nobody did. What was typed and stands there
/// already is no conflict: it was sent twice, and is recorded once.
pub fn contested(found: &Found, fields: &Fields, back: String) -> Option<Conflict> {
    let others = found.measures().filter(|measure| {
        let latest = measure.latest_reading.as_ref();
        typed(fields, measure).is_some_and(|(value, on)| {
            latest.is_none_or(|it| it.value != value || Some(it.taken_on) != on)
        })
    });
    let ground = ground(others);
    if ground.again(fields).is_some() {
        return None;
    }
    let told = |id: &str| {
        let measure = found.measures().find(|measure| measure.id == id)?;
        let (value, on) = typed(fields, measure)?;
        let on = on.map_or(String::new(), |on| format!(" on {}", uk::day(&on)));
        Some(format!("{} {}{on}", uk::number(&value), measure.unit))
    };
    Some(ground.against(fields, back, told))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::Pages;

    #[test]
    fn a_figure_that_came_meanwhile_is_shown_unless_it_is_the_same_sent_twice() {
        let found = |latest: Option<&str>| {
            let latest =
                latest.map(|value| serde_json::json!({ "value": value, "takenOn": "2009-03-31" }));
            let commitment = serde_json::json!({
                "id": "c", "ref": "1", "session": "2008-09", "title": "Places", "status": "AGREED", "latestAchievement": null,
                "measures": [{
                    "id": "m", "name": "places", "unit": "people", "kind": "TOTAL", "target": null, "dueOn": null, "withdrawn": null,
                    "latestReading": latest,
                }],
            });
            Found {
                session: None,
                sessions: Vec::new(),
                commitments: vec![serde_json::from_value(commitment).expect("a commitment")],
                pages: Pages::default(),
            }
        };
        let before = found(None);
        let shown = ground(before.measures()).fields();
        let typed = [
            ("takenOn.day", "31"),
            ("takenOn.month", "3"),
            ("takenOn.year", "2009"),
            ("rows.0.measureId", "m"),
            ("rows.0.value", "1,200"),
        ];
        let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let fields: Fields = shown.into_iter().chain(typed).collect();
        let against = |found: &Found| contested(found, &fields, "/back".to_owned());
        assert!(against(&before).is_none() && against(&found(Some("1200"))).is_none());
        let shown = against(&found(Some("7"))).expect("both").to_string();
        for said in [
            "no figure yet",
            "last 7 on 31 March 2009",
            "1,200 people on 31 March 2009",
        ] {
            assert!(shown.contains(said), "{said}: {shown}");
        }
    }
}
