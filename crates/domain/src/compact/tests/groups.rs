//! What may be asked of a compact, its groups and its succession.

use super::*;

fn establish() -> CompactCommand {
    C::EstablishCompact {
        compact: compact(1).id,
        region: Uuid::from_u128(50).into(),
        particulars: particulars(),
    }
}

fn rename(name: &str, reason: &str) -> CompactCommand {
    C::RenameCompact {
        name: name.into(),
        reason: reason.into(),
    }
}

fn beginnings(area: &str, launched: u32, pilot: Option<u16>) -> CompactBeginnings {
    CompactBeginnings {
        area: area.into(),
        launched_on: june(launched),
        pilot_from_year: pilot,
    }
}

fn correct(to: CompactBeginnings, reason: &str) -> CompactCommand {
    C::CorrectCompact {
        area: to.area,
        launched_on: to.launched_on,
        pilot_from_year: to.pilot_from_year,
        reason: reason.into(),
    }
}

fn form(n: u128, code: &str) -> CompactCommand {
    C::FormGroup {
        group: group(n, "").id,
        code: code.into(),
        kind: GroupKind::Theme,
        name: format!(" Group {n} "),
        note: Some(" ".into()),
    }
}

fn rename_group(name: &str, reason: &str) -> CompactCommand {
    C::RenameGroup {
        group: group(1, "").id,
        name: name.into(),
        reason: reason.into(),
    }
}

fn appoint(n: u128) -> CompactCommand {
    C::AppointChair {
        group: group(1, "").id,
        organisation: organisation(n).id,
    }
}

fn wind_up(reason: &str) -> CompactCommand {
    C::WindUpGroup {
        group: group(1, "").id,
        reason: reason.into(),
    }
}

fn succeed(by: u128, reason: &str) -> CompactCommand {
    C::SucceedCompact {
        by: compact(by).id,
        reason: reason.into(),
    }
}

fn appointed(from: Option<u128>, to: u128) -> ChairAppointed {
    ChairAppointed {
        group: group(1, "LD"),
        from: from.map(organisation),
        to: organisation(to),
    }
}

fn wound_up() -> GroupWoundUp {
    GroupWoundUp {
        group: group(1, "LD"),
        reason: WHY.into(),
    }
}

fn succeeded() -> CompactSucceeded {
    CompactSucceeded {
        by: compact(2),
        reason: WHY.into(),
    }
}

const CHANGED: &str = "this group was last changed on";

#[test]
fn a_compact_is_established_once_and_nothing_happens_before() {
    accepts(vec![], on(2, establish()), established());
    refuses(
        a_compact(),
        on(3, establish()),
        CompactError::AlreadyEstablished,
    );
    for asked in [
        rename("Other", WHY),
        form(1, "LD"),
        rename_group("Other", WHY),
        appoint(1),
        wind_up(WHY),
        succeed(2, WHY),
    ] {
        refuses(vec![], on(2, asked.clone()), CompactError::NotEstablished);
        let refusal = too_early("this compact's record begins on", 2);
        refuses(a_compact(), on(1, asked), refusal);
    }
    let CompactCommand::EstablishCompact {
        compact, region, ..
    } = establish()
    else {
        return;
    };
    let typed = "Not a slug".to_owned();
    let particulars = CompactParticulars {
        slug: typed.clone(),
        ..particulars()
    };
    let refusal: ParticularsError = NotASlug {
        field: "slug",
        typed,
    }
    .into();
    refuses(
        vec![],
        on(
            2,
            C::EstablishCompact {
                compact,
                region,
                particulars,
            },
        ),
        refusal,
    );
}

#[test]
fn a_compact_is_renamed_with_a_reason() {
    let renamed = |from: &str, to: &str| CompactRenamed {
        from: from.into(),
        to: to.into(),
        reason: WHY.into(),
    };
    accepts(
        a_compact(),
        on(3, rename(" Other ", WHY)),
        renamed("Compact 1", "Other"),
    );
    refuses(
        a_compact(),
        on(3, rename("Compact 1", WHY)),
        unchanged("name", "this is the compact's name"),
    );
    refuses(a_compact(), on(3, rename("Other", "")), no_reason());
    refuses(
        and(a_compact(), 9, renamed("Compact 1", "Other")),
        on(8, rename("Third", WHY)),
        too_early("this compact was last renamed on", 9),
    );
}

#[test]
fn what_is_said_of_a_compact_s_beginnings_is_put_right_with_a_reason_also_after_its_succession() {
    let was = || beginnings("Derby", 1, Some(2005));
    let is = || beginnings("Derby and Derbyshire", 2, None);
    let asked = || correct(beginnings(" Derby and Derbyshire ", 2, None), WHY);
    let corrected = |from, to| CompactCorrected {
        from,
        to,
        reason: WHY.into(),
    };
    accepts(a_compact(), on(3, asked()), corrected(was(), is()));
    let succeeded = and(a_compact(), 3, succeeded());
    accepts(succeeded, on(4, asked()), corrected(was(), is()));
    let once = and(a_compact(), 5, corrected(was(), is()));
    accepts(
        once.clone(),
        on(5, correct(was(), WHY)),
        corrected(is(), was()),
    );
    let what = "this is what the record says of area, launch and trial";
    refuses(once.clone(), on(6, asked()), unchanged("area", what));
    let what = "what is said of this compact's beginnings was last put right on";
    refuses(once, on(4, correct(was(), WHY)), too_early(what, 5));
}

#[test]
fn a_correction_needs_a_reason_an_area_and_a_trial_before_the_launch() {
    let right = beginnings("Derbyshire", 1, None);
    refuses(a_compact(), on(3, correct(right.clone(), " ")), no_reason());
    let nowhere = correct(beginnings(" ", 1, None), WHY);
    let missing: ParticularsError = TextError::Missing {
        field: "area",
        what: "the area",
    }
    .into();
    refuses(a_compact(), on(3, nowhere), missing);
    let after = correct(beginnings("Derby", 1, Some(2008)), WHY);
    let pilot = ParticularsError::PilotAfterLaunch {
        pilot: 2008,
        launch: 2007,
    };
    refuses(a_compact(), on(3, after), pilot);
    refuses(
        vec![],
        on(3, correct(right, WHY)),
        CompactError::NotEstablished,
    );
}

#[test]
fn a_group_is_formed_under_a_code_no_other_group_at_work_has() {
    accepts(a_compact(), on(4, form(1, " LD ")), formed(1, "LD"));
    refuses(
        with_a_group(),
        on(5, form(2, "ld")),
        CompactError::CodeTaken {
            code: "ld".into(),
            group: "Group 1".into(),
        },
    );
    refuses(
        with_a_group(),
        on(5, form(1, "RR")),
        CompactError::GroupIdTaken,
    );
    refuses(a_compact(), on(5, form(1, " ")), missing("code", "a code"));
    let lived = and(with_a_group(), 9, wound_up());
    refuses(
        lived.clone(),
        on(8, form(2, "LD")),
        CompactError::CodeHeld {
            code: "LD".into(),
            until: june(9),
        },
    );
    accepts(lived, on(9, form(2, "LD")), formed(2, "LD"));
}

#[test]
fn a_group_is_renamed_with_a_reason() {
    let renamed = GroupRenamed {
        group: group(1, "LD"),
        to: "Learning".into(),
        reason: WHY.into(),
    };
    accepts(
        with_a_group(),
        on(4, rename_group("Learning ", WHY)),
        renamed,
    );
    refuses(
        with_a_group(),
        on(4, rename_group("Group 1", WHY)),
        unchanged("name", "this is the group's name"),
    );
    refuses(
        with_a_group(),
        on(4, rename_group("Learning", " ")),
        no_reason(),
    );
    refuses(
        with_a_group(),
        on(3, rename_group("Learning", WHY)),
        too_early(CHANGED, 4),
    );
    let stranger = UnknownFact::Group(group(1, "").id);
    refuses(a_compact(), on(4, rename_group("Learning", WHY)), stranger);
}

#[test]
fn the_chair_passes_from_one_organisation_to_another() {
    accepts(with_a_group(), on(4, appoint(1)), appointed(None, 1));
    let lived = and(with_a_group(), 6, appointed(None, 1));
    accepts(lived.clone(), on(6, appoint(2)), appointed(Some(1), 2));
    refuses(
        lived.clone(),
        on(7, appoint(1)),
        unchanged("organisationId", "this organisation holds the chair"),
    );
    refuses(lived.clone(), on(5, appoint(2)), too_early(CHANGED, 6));
    refuses(
        lived,
        on(7, appoint(9)),
        UnknownFact::Organisation(organisation(9).id),
    );
}

#[test]
fn a_group_that_was_wound_up_stays_as_it_was() {
    accepts(with_a_group(), on(9, wind_up(WHY)), wound_up());
    refuses(with_a_group(), on(9, wind_up(" ")), no_reason());
    let lived = and(with_a_group(), 9, wound_up());
    for asked in [wind_up(WHY), appoint(1), rename_group("Learning", WHY)] {
        refuses(
            lived.clone(),
            on(10, asked),
            CompactError::GroupWoundUp {
                group: "Group 1".into(),
                on: june(9),
            },
        );
    }
}

#[test]
fn a_compact_is_succeeded_once_by_another() {
    accepts(with_a_group(), on(9, succeed(2, WHY)), succeeded());
    refuses(
        a_compact(),
        on(9, succeed(1, WHY)),
        CompactError::SucceededByItself,
    );
    refuses(a_compact(), on(9, succeed(2, "")), no_reason());
    refuses(
        a_compact(),
        on(9, succeed(7, WHY)),
        UnknownFact::Compact(compact(7).id),
    );
    refuses(
        with_a_group(),
        on(3, succeed(2, WHY)),
        too_early("this compact formed its last group on", 4),
    );
}

#[test]
fn a_succeeded_compact_forms_no_groups_and_keeps_its_name_but_winds_its_groups_up() {
    let lived = and(with_a_group(), 9, succeeded());
    for (asked, instead) in [
        (form(2, "RR"), "form the group there"),
        (rename("Other", WHY), "record this there"),
        (succeed(2, WHY), "record what follows there"),
    ] {
        refuses(
            lived.clone(),
            on(10, asked),
            CompactError::Succeeded {
                by: "Compact 2".into(),
                on: june(9),
                instead,
            },
        );
    }
    accepts(lived, on(10, wind_up(WHY)), wound_up());
}

#[test]
fn refusals_say_what_to_do_and_where() {
    for (refusal, code, field, sentence) in [
        (
            CompactError::CodeTaken {
                code: "LD".into(),
                group: "Learning".into(),
            },
            "CODE_TAKEN",
            Some("code"),
            "the code LD belongs to “Learning”; choose another code, or wind that group up first",
        ),
        (
            CompactError::GroupWoundUp {
                group: "Learning".into(),
                on: june(9),
            },
            "GROUP_WOUND_UP",
            Some("groupId"),
            "“Learning” was wound up on 9 June 2007 and cannot be changed; form a new group to carry on its work",
        ),
        (
            CompactError::Succeeded {
                by: "D2N2".into(),
                on: june(9),
                instead: "record this there",
            },
            "COMPACT_SUCCEEDED",
            None,
            "this compact was succeeded by D2N2 on 9 June 2007; record this there",
        ),
        (
            CompactError::NotEstablished,
            "COMPACT_NOT_ESTABLISHED",
            None,
            "this compact does not exist yet; have it opened in the region's register first",
        ),
    ] {
        assert_eq!(refusal.to_string(), sentence);
        assert_eq!((refusal.code(), refusal.field()), (code, field));
    }
}

#[test]
fn a_compact_answers_for_its_region_and_its_groups() {
    let mut compact = Compact::default();
    assert_eq!(compact.region(), None);
    for dated in and(with_a_group(), 9, wound_up()) {
        cqrs_es::Aggregate::apply(&mut compact, dated);
    }
    assert_eq!(compact.region(), Some(Uuid::from_u128(50).into()));
    assert_eq!(compact.group(group(1, "").id), Some(group(1, "LD")));
    assert_eq!(compact.group(group(2, "").id), None);
}
