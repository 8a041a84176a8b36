//! The part of a form in which it is said who came: the organisations that may have come, to be ticked, and rows for whoever else did.

use std::collections::BTreeSet;

use askama::Template;

use super::MayCome;
use crate::documents::words::Attending;
use crate::form::{Choice, Field, Fields, Problems, Select};
use crate::parts::html;

/// What stands in the place of a row's name in the empty row that a script adds.
const EMPTY: &str = "@row@";

/// Who came, to be said.
#[derive(Template)]
#[template(path = "desk/attendance/table.html")]
pub struct Table {
    /// Where its buttons post the form.
    here: String,
    known: Vec<Known>,
    others: Vec<Other>,
    empty: Other,
}

/// An organisation that may have come, and how it came now.
struct Known {
    row: String,
    id: String,
    name: String,
    ways: Vec<(Attending, bool)>,
    who: String,
    problem: Option<String>,
}

/// Somebody who came, beside the organisations that are listed.
#[derive(Template)]
#[template(path = "desk/attendance/other.html")]
struct Other {
    row: String,
    who: Field,
    organisation: Select,
    attending: Select,
}

html!(Table, Other);

impl Table {
    /// As it was typed, in a form whose buttons post it `here`.
    pub fn new(here: &str, may_come: &MayCome, (fields, problems): (&Fields, &Problems)) -> Self {
        let known = fields.rows("attendance").into_iter();
        let others = fields.rows("others").into_iter();
        Self {
            here: here.to_owned(),
            known: known
                .map(|at| Known::new(format!("attendance.{at}"), may_come, (fields, problems)))
                .collect(),
            others: others
                .map(|at| Other::new(format!("others.{at}"), may_come, (fields, problems)))
                .collect(),
            empty: Other::new(
                EMPTY.to_owned(),
                may_come,
                (&Fields::default(), &Problems::default()),
            ),
        }
    }
}

impl Known {
    fn new(row: String, may_come: &MayCome, (fields, problems): (&Fields, &Problems)) -> Self {
        let id = fields.one(&format!("{row}.organisationId")).to_owned();
        let ticked = format!("{row}.attending");
        let ticked: Vec<Attending> = fields.all(&ticked).filter_map(Attending::named).collect();
        let ways = Attending::ALL.iter();
        Self {
            name: may_come.name_of(&id).unwrap_or_default().to_owned(),
            problem: problems.at(&format!("{row}.who")),
            ways: ways.map(|way| (*way, ticked.contains(way))).collect(),
            who: fields.one(&format!("{row}.who")).to_owned(),
            id,
            row,
        }
    }
}

impl Other {
    fn new(row: String, may_come: &MayCome, (fields, problems): (&Fields, &Problems)) -> Self {
        let mut organisations = vec![Choice::new("", "None")];
        organisations.extend(may_come.register.iter().cloned());
        let ways = Attending::ALL.iter();
        let ways = ways.map(|way| Choice::new(way.name(), way.words()));
        let name = |part: &str| format!("{row}.{part}");
        Self {
            who: Field::words(name("who"), "Who")
                .hinting("The name is told to your compact alone.")
                .sent(fields, problems),
            organisation: Select::new(name("organisationId"), "Organisation", organisations)
                .sent(fields, problems),
            attending: Select::new(name("attending"), "How", ways).sent(fields, problems),
            row,
        }
    }
}

/// Somebody who came, as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Came {
    /// The organisation: its id.
    pub organisation: Option<String>,
    /// Who.
    pub who: Option<String>,
    /// How.
    pub way: Attending,
}

/// What is recorded of who came, as though it had been typed; every organisation that may have come has a row.
pub fn as_typed(came: &[Came], may_come: &MayCome) -> Fields {
    let mut typed: Vec<(String, String)> = Vec::new();
    let mut in_a_row = BTreeSet::new();
    for (at, (id, _)) in may_come.known.iter().enumerate() {
        typed.push((format!("attendance.{at}.organisationId"), id.clone()));
        let theirs = came.iter().enumerate();
        let theirs = theirs.filter(|(_, one)| one.organisation.as_ref() == Some(id));
        let mut theirs = theirs.peekable();
        // A row has one name in it: whoever has another stands below.
        let who = theirs.peek().and_then(|(_, one)| one.who.clone());
        for (place, one) in theirs.filter(|(_, one)| one.who == who) {
            in_a_row.insert(place);
            let way = one.way.name();
            typed.push((format!("attendance.{at}.attending"), way));
        }
        typed.extend(who.map(|who| (format!("attendance.{at}.who"), who)));
    }
    let rest = came.iter().enumerate();
    let rest = rest.filter(|(place, _)| !in_a_row.contains(place));
    for (at, (_, one)) in rest.enumerate() {
        let mut put = |part: &str, value: Option<&str>| {
            let value = value.unwrap_or_default().to_owned();
            typed.push((format!("others.{at}.{part}"), value));
        };
        put("who", one.who.as_deref());
        put("organisationId", one.organisation.as_deref());
        put("attending", Some(&one.way.name()));
    }
    typed.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::*;

    fn one(organisation: &str, who: &str, way: Attending) -> Came {
        let some = |words: &str| (!words.is_empty()).then(|| words.to_owned());
        Came {
            organisation: some(organisation),
            who: some(who),
            way,
        }
    }

    #[test]
    fn what_is_recorded_of_who_came_stands_in_the_form_and_says_the_same_when_it_is_read_again() {
        let may_come = MayCome {
            known: ["a", "b", "c"]
                .map(|id| (id.to_owned(), id.to_owned()))
                .to_vec(),
            ..MayCome::default()
        };
        let came = vec![
            one("a", "", Attending::Present),
            one("b", "J. Roe", Attending::Present),
            one("b", "P. Doe", Attending::Apologies),
            one("elsewhere", "", Attending::Deputy),
            one("", "The facilitator", Attending::InAttendance),
        ];
        let typed = as_typed(&came, &may_come);
        assert_eq!(typed.rows("attendance"), [0, 1, 2]);
        assert_eq!(typed.rows("others"), [0, 1, 2]);
        let read: Vec<Came> = said(&typed)
            .map(|said| Came {
                organisation: said.organisation,
                who: said.who,
                way: said.way,
            })
            .collect();
        assert_eq!(read.len(), came.len());
        assert!(came.iter().all(|one| read.contains(one)), "{read:?}");
    }
}
