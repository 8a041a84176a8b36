//! Planted faults: each is refused, with the file, the entry and what to do about it.

use super::super::data::embedded_texts;
use super::{ReferenceData, plan};

const LINCOLNSHIRE: &str = "lincolnshire-rutland.toml";
const LEICESTERSHIRE: &str = "leicestershire.toml";

/// What is said when, in `file`, the first `from` reads `to`.
fn refused(file: &str, from: &str, to: &str) -> String {
    let mut texts = embedded_texts();
    let text = texts.get_mut(file).expect("the file");
    assert!(text.contains(from), "{file} does not contain {from}");
    *text = text.replacen(from, to, 1);
    ReferenceData::from_texts(&texts)
        .and_then(|data| plan(&data))
        .expect_err("a planted fault must be refused")
        .to_string()
}

#[test]
fn an_unknown_field_is_refused_with_its_line_and_table() {
    let said = refused(
        "derbyshire.toml",
        "kind = \"steering\"",
        "kind = \"steering\"\nkinds = 2",
    );
    assert!(said.starts_with("derbyshire.toml, line "), "{said}");
    assert!(
        said.contains("[[group]]") && said.contains("unknown field `kinds`"),
        "{said}"
    );
}

#[test]
fn an_unknown_field_in_what_is_left_for_later_is_refused_too() {
    let said = refused(
        LINCOLNSHIRE,
        "host = \"Lincolnshire",
        "hosts = \"Lincolnshire",
    );
    assert!(
        said.contains("[[seminar]]") && said.contains("unknown field `hosts`"),
        "{said}"
    );
}

#[test]
fn an_unknown_field_of_a_change_is_refused() {
    let said = refused(
        LINCOLNSHIRE,
        "kind = \"completed\",",
        "kind = \"completed\", due = 2007-01-01,",
    );
    assert!(
        said.contains("[[action_plan.update]]") && said.contains("unknown field `due`"),
        "{said}"
    );
}

#[test]
fn a_missing_field_and_a_word_of_the_wrong_kind_are_refused() {
    let said = refused("derbyshire.toml", "area = ", "# area = ");
    assert!(
        said.contains("[compact]") && said.contains("missing field `area`"),
        "{said}"
    );
    let said = refused(
        LINCOLNSHIRE,
        "category = \"health\"",
        "category = \"helth\"",
    );
    assert!(
        said.contains("[[organisation]]") && said.contains("helth"),
        "{said}"
    );
    let said = refused(
        LINCOLNSHIRE,
        "session = \"2007-08\"",
        "session = \"2007-09\"",
    );
    assert!(said.contains("such as 2008-09"), "{said}");
}

#[test]
fn things_that_do_not_exist_are_refused_by_name() {
    let cases = [
        (
            LINCOLNSHIRE,
            "themes = [\"skills-pledge\"]",
            "themes = [\"skils\"]",
            "lincolnshire-rutland.toml, priority 2007-08/10, themes: there is no theme “skils”",
        ),
        (
            LINCOLNSHIRE,
            "groups = [\"RR\"]",
            "groups = [\"XX\"]",
            "priority 2007-08/1, groups: this file has no group “XX”",
        ),
        (
            LINCOLNSHIRE,
            "aims = [\"1\", \"4\", \"5\"]",
            "aims = [\"9\"]",
            "priority 2007-08/1, aims: the charter in this file has no aim “9”",
        ),
        (
            LINCOLNSHIRE,
            "chair_organisation = \"New",
            "chair_organisation = \"Old",
            "group LD, chair_organisation: there is no organisation “Old College Stamford”",
        ),
        (
            LINCOLNSHIRE,
            "refs = [\"1\", \"2\", \"3\"]",
            "refs = [\"1\", \"2\", \"33\"]",
            "action_plan LD, update 1 of 2007-09-24, refs: this plan has no objective “33”",
        ),
        (
            LINCOLNSHIRE,
            "refs = [\"3\"], due",
            "refs = [\"4\"], due",
            "change: the change names objective “4”, which its update does not speak for",
        ),
        (
            LINCOLNSHIRE,
            "meeting = 2007-09-24",
            "meeting = 2007-09-25",
            "update 1 of 2007-09-25, meeting: this file lists no meeting",
        ),
        (
            LEICESTERSHIRE,
            "theme = \"skills-for-life\"",
            "theme = \"skills\"",
            "seminar “Skills for Life and the public sector”, theme: there is no theme",
        ),
        (
            "region.toml",
            "file = \"derbyshire.toml\"",
            "file = \"derby.toml\"",
            "region.toml, compact derbyshire, file: there is no file “derby.toml”",
        ),
    ];
    for (file, from, to, expected) in cases {
        let said = refused(file, from, to);
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn things_given_out_twice_are_refused() {
    let cases = [
        (
            "derbyshire.toml",
            "ref = \"2\"",
            "ref = \"1\"",
            "priority 2009-10/1, ref: “1” is given out twice",
        ),
        (
            LEICESTERSHIRE,
            "code = \"RR\"",
            "code = \"LD\"",
            "group LD, code: “LD” is given out twice",
        ),
        (
            LINCOLNSHIRE,
            "name = \"South Holland District Council\"",
            "name = \"East Lindsey District Council\"",
            "“East Lindsey District Council” is given out twice",
        ),
        (
            "region.toml",
            "code = \"procurement\"",
            "code = \"skills-pledge\"",
            "given out twice",
        ),
        (
            "region.toml",
            "slug = \"derbyshire\"",
            "slug = \"leicestershire\"",
            "given out twice",
        ),
        (
            LINCOLNSHIRE,
            "ref = \"2\"\ntitle = \"Sector-based",
            "ref = \"1\"\ntitle = \"Sector-based",
            "action_plan LD, objective 1, ref: “1” is given out twice",
        ),
    ];
    for (file, from, to, expected) in cases {
        let said = refused(file, from, to);
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn files_that_disagree_about_one_thing_are_refused_with_both_named() {
    let more = "[[organisation]]\nname = \"Jobcentre Plus\"\ncategory = \"health\"\n\n[[priority]]";
    let said = refused("derbyshire.toml", "[[priority]]", more);
    let expected = "derbyshire.toml, organisation “Jobcentre Plus”, category: “Jobcentre Plus” is in \
                    category health here and employment service in lincolnshire-rutland.toml";
    assert!(said.contains(expected), "{said}");

    let more = "[[organisation]]\nname = \"Jobcentre plus\"\ncategory = \"employment-service\"\n\n[[priority]]";
    let said = refused("derbyshire.toml", "[[priority]]", more);
    assert!(
        said.contains("spelled “Jobcentre Plus” in lincolnshire-rutland.toml"),
        "{said}"
    );

    let said = refused("derbyshire.toml", "unit = \"people\"", "unit = \"events\"");
    assert!(
        said.contains("is counted in events here and in people in"),
        "{said}"
    );

    let said = refused(
        "derbyshire.toml",
        "slug = \"derbyshire\"",
        "slug = \"derby\"",
    );
    assert!(
        said.contains("region.toml calls this compact “derbyshire”"),
        "{said}"
    );
}

#[test]
fn an_organisation_named_in_two_compacts_is_registered_once_from_the_earlier_launch() {
    let more = "[[organisation]]\nname = \"Jobcentre Plus\"\ncategory = \"employment-service\"\n\n[[priority]]";
    let mut texts = embedded_texts();
    let text = texts.get_mut("derbyshire.toml").expect("the file");
    *text = text.replacen("[[priority]]", more, 1);
    let data = ReferenceData::from_texts(&texts).expect("it can be read");
    let plan = plan(&data).expect("it can be planned");
    let path = "east-midlands/organisation/jobcentre-plus";
    let steps: Vec<_> = plan
        .steps
        .iter()
        .filter(|step| step.path.to_string() == path)
        .collect();
    let [step] = steps[..] else {
        panic!("once: {steps:?}");
    };
    assert_eq!(step.on.to_string(), "2007-04-01");
}

#[test]
fn a_unit_that_may_or_may_not_be_added_up_is_refused() {
    let said = refused(
        LINCOLNSHIRE,
        "unit = \"organisations\"",
        "unit = \"per cent\"",
    );
    assert!(
        said.contains("it is not known whether figures in “per cent” may be added up"),
        "{said}"
    );
}

#[test]
fn things_dated_before_what_they_depend_on_are_refused() {
    let said = refused(
        LEICESTERSHIRE,
        "first_set = 2007-05-09",
        "first_set = 2006-04-30",
    );
    assert!(
        said.contains("first_set: 2006-04-30 is before the compact was launched on 2006-05-01"),
        "{said}"
    );
    let said = refused(
        LEICESTERSHIRE,
        "meeting = 2007-05-09",
        "meeting = 2007-05-08",
    );
    assert!(
        said.contains("meeting: 2007-05-08 is before the plan was first set"),
        "{said}"
    );
    let said = refused(
        LINCOLNSHIRE,
        "reported = 2008-05-01",
        "reported = 2007-05-01",
    );
    assert!(
        said.contains("achievement.reported: 2007-05-01 is before"),
        "{said}"
    );
    let said = refused(
        "derbyshire.toml",
        "session = \"2009-10\"",
        "session = \"2005-06\"",
    );
    assert!(said.contains("the session 2005-06 was over when"), "{said}");
}

#[test]
fn changes_to_actions_that_are_not_there_are_refused() {
    let said = refused(
        LINCOLNSHIRE,
        "kind = \"dropped\", refs = [\"5\"], reason = \"not",
        "kind = \"progressed\", refs = [\"5\"] } # \"",
    );
    assert!(
        said.contains("change: objective “5” has no open action"),
        "{said}"
    );
    let said = refused(LEICESTERSHIRE, "action = \"Adapt", "note = \"Adapt");
    assert!(
        said.contains("objective 1, owner: the objective has no action to own"),
        "{said}"
    );
    let said = refused(LEICESTERSHIRE, "action = \"Link", "indicator = \"Link");
    assert!(
        said.contains("objective 2, action: the objective has no action; say what"),
        "{said}"
    );
    let said = refused(
        LEICESTERSHIRE,
        "action = \"Raise",
        "note = \"Why.\"\naction = \"Raise",
    );
    assert!(
        said.contains("objective 3, note: the objective has an action"),
        "{said}"
    );
}

#[test]
fn a_file_that_region_toml_does_not_list_is_refused() {
    let mut texts = embedded_texts();
    texts.insert("rutland.toml".to_owned(), String::new());
    let said = ReferenceData::from_texts(&texts)
        .expect_err("unlisted")
        .to_string();
    assert!(
        said.starts_with("rutland.toml,") && said.contains("does not list this file"),
        "{said}"
    );
    let none = ReferenceData::from_texts(&std::collections::BTreeMap::new());
    assert_eq!(
        none.expect_err("empty").to_string(),
        "region.toml cannot be read"
    );
}
