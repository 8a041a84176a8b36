//! What is said of who came: read from the form, in words for whoever looks it through, and what in it contradicts itself.

use super::{LISTS, MayCome};
use crate::desk::recording::sheet::is_blank;
use crate::documents::words::Attending;
use crate::form::{Fields, Problems};

/// One way in which somebody took part, and where that was said.
pub struct Said {
    /// The row it was said in.
    pub row: String,
    /// The organisation.
    pub organisation: Option<String>,
    /// Who.
    pub who: Option<String>,
    /// How.
    pub way: Attending,
}

/// Everything that was said of who came, in order.
pub fn said(fields: &Fields) -> impl Iterator<Item = Said> + '_ {
    let rows = LISTS.into_iter().flat_map(move |list| {
        let rows = fields.rows(list).into_iter();
        rows.map(move |at| format!("{list}.{at}"))
    });
    let rows = rows.filter(move |row| !is_blank(fields, row, &["attending"]));
    rows.flat_map(move |row| {
        let ticked = format!("{row}.attending");
        let ways: Vec<Attending> = fields.all(&ticked).filter_map(Attending::named).collect();
        ways.into_iter().map(move |way| Said {
            organisation: fields.some(&format!("{row}.organisationId")),
            who: fields.some(&format!("{row}.who")),
            way,
            row: row.clone(),
        })
    })
}

/// By each way of taking part, who did.
pub fn in_words(may_come: &MayCome, fields: &Fields) -> Vec<(Attending, Vec<String>)> {
    let mut came: Vec<(Attending, Vec<String>)> = Attending::ALL
        .iter()
        .map(|way| (*way, Vec::new()))
        .collect();
    for one in said(fields) {
        let organisation = one.organisation.as_deref();
        let organisation = organisation.and_then(|id| may_come.name_of(id));
        let named = match (organisation, one.who) {
            (Some(organisation), Some(who)) => format!("{organisation} ({who})"),
            (Some(organisation), None) => organisation.to_owned(),
            (None, Some(who)) => who,
            (None, None) => continue,
        };
        for (_, those) in came.iter_mut().filter(|(known, _)| *known == one.way) {
            those.push(named.clone());
        }
    }
    came.retain(|(_, those)| !those.is_empty());
    came
}

/// Adds where an organisation is said to have come and to have sent apologies, and nobody is named who did the one or the other.
pub fn look_for_contradictions(may_come: &MayCome, fields: &Fields, wrong: &mut Problems) {
    let unnamed = said(fields).filter(|one| one.who.is_none() && one.organisation.is_some());
    let unnamed: Vec<Said> = unnamed.collect();
    let sent_apologies = unnamed.iter().filter(|one| one.way == Attending::Apologies);
    let mut told: Vec<&str> = Vec::new();
    for apology in sent_apologies {
        let organisation = apology.organisation.as_deref().unwrap_or_default();
        let here = |one: &&Said| one.organisation == apology.organisation;
        let came: Vec<String> = Attending::ALL
            .iter()
            .filter(|way| **way != Attending::Apologies)
            .filter(|way| unnamed.iter().filter(here).any(|one| one.way == **way))
            .map(|way| as_said(*way))
            .collect();
        if came.is_empty() || told.contains(&organisation) {
            continue;
        }
        told.push(organisation);
        let name = may_come.name_of(organisation);
        let words = format!(
            "{} is ticked {} and as sending apologies; choose one, or say who came and who did not",
            name.unwrap_or("this organisation"),
            came.join(", ")
        );
        wrong.add(format!("{}.who", apology.row), words);
    }
}

fn as_said(way: Attending) -> String {
    format!("as {}", way.words().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(typed: &[(&str, &str)]) -> Vec<(String, String)> {
        let fields: Fields = typed.iter().copied().collect();
        let may_come = MayCome {
            known: vec![("b".to_owned(), "Boston College".to_owned())],
            ..MayCome::default()
        };
        let mut wrong = Problems::default();
        look_for_contradictions(&may_come, &fields, &mut wrong);
        let said = wrong.0.into_iter();
        said.map(|one| (one.field.unwrap_or_default(), one.message))
            .collect()
    }

    #[test]
    fn an_organisation_that_came_and_sent_apologies_is_told_unless_somebody_is_named() {
        let both = [
            ("attendance.0.organisationId", "b"),
            ("attendance.0.attending", "PRESENT"),
            ("attendance.0.attending", "APOLOGIES"),
        ];
        let words = "Boston College is ticked as present and as sending apologies; choose one, or say who came and who did not";
        assert_eq!(
            told(&both),
            [("attendance.0.who".to_owned(), words.to_owned())]
        );
        let named = [
            both[0],
            both[1],
            both[2],
            ("attendance.0.who", "J. Roe came, P. Doe did not"),
        ];
        assert!(told(&named).is_empty());
        let in_two_places = [
            both[0],
            both[1],
            ("others.0.organisationId", "b"),
            ("others.0.attending", "APOLOGIES"),
        ];
        assert_eq!(told(&in_two_places)[0].0, "others.0.who");
        let one_named = [
            both[0],
            both[1],
            in_two_places[2],
            in_two_places[3],
            ("others.0.who", "P. Doe"),
        ];
        assert!(told(&one_named).is_empty());
        assert!(told(&[both[0], both[1], ("attendance.0.attending", "DEPUTY")]).is_empty());
    }
}
