//! Samples of the region's and the compact's events.

use domain::Post;
use domain::compact::{
    ActionPlanEntered, AdoptionEnded, AdoptionEntered, ChairAppointed, CommitmentEntered,
    CommitmentRelabelled, CompactBeginnings, CompactCorrected, CompactEstablished, CompactEvent,
    CompactRenamed, CompactSucceeded, GroupFormed, GroupKind, GroupRenamed, GroupWoundUp,
};
use domain::ids::{
    AccountId, ActionPlanId, AdoptionId, CommitmentId, CompactId, GoodPracticeId, GrantId,
    IndicatorId, RegionId,
};
use domain::region::{
    Category, ChallengeSet, CompactOpened, Holding, IndicatorCorrected, IndicatorDefined,
    IndicatorTerms, OrganisationRecategorised, OrganisationRegistered, OrganisationRenamed,
    RegionEstablished, RegionEvent, RoleEnded, RoleGranted, ThemeAdded, ThemeRenamed,
};

use super::{college, day, group, redacted, successor, uuid};

fn terms(name: &str, additive: bool) -> IndicatorTerms {
    IndicatorTerms {
        name: name.into(),
        unit: "organisations".into(),
        additive,
    }
}

pub fn region() -> Vec<RegionEvent> {
    let college = college();
    let mut events = themes();
    events.extend(indicators());
    events.extend(roles());
    events.push(redacted().into());
    events.extend::<[RegionEvent; 4]>([
        OrganisationRegistered {
            organisation_id: college.id,
            name: college.name.clone(),
            category: Category::LearningProvider,
        }
        .into(),
        OrganisationRenamed {
            organisation_id: college.id,
            from: college.name,
            to: "Stamford College".into(),
            reason: "The college took a shorter name".into(),
        }
        .into(),
        OrganisationRecategorised {
            organisation_id: college.id,
            from: Category::Other,
            to: Category::LearningProvider,
            reason: "It was entered under the wrong category".into(),
        }
        .into(),
        CompactOpened {
            compact_id: CompactId::new(uuid(6)),
            slug: "leicestershire".into(),
            name: "Leicestershire Public Sector Compact".into(),
            area: "Leicester and Leicestershire".into(),
            launched_on: day("2006-05-01"),
            pilot_from_year: Some(2005),
        }
        .into(),
    ]);
    events
}

fn themes() -> Vec<RegionEvent> {
    vec![
        RegionEstablished {
            slug: "east-midlands".into(),
            name: "East Midlands".into(),
            funder: "Learning and Skills Council, East Midlands".into(),
            note: Some("The public sector employs a quarter of the region's workforce.".into()),
            secretariat_cost_gbp_per_year: Some(10_000),
        }
        .into(),
        ChallengeSet {
            label: "1".into(),
            text: "Every employee qualified to at least level 2.".into(),
            from: Some("Every employee qualified.".into()),
        }
        .into(),
        ThemeAdded {
            code: "skills-pledge".into(),
            name: "Skills Pledge".into(),
        }
        .into(),
        ThemeRenamed {
            code: "skills-pledge".into(),
            from: "Skills Pledge".into(),
            to: "The Skills Pledge".into(),
            reason: "As the pledge is called nationally".into(),
        }
        .into(),
    ]
}

fn indicators() -> [RegionEvent; 2] {
    let indicator_id = IndicatorId::new(uuid(7));
    let name = "organisations committed to the Skills Pledge";
    [
        IndicatorDefined {
            indicator_id,
            terms: terms(name, true),
        }
        .into(),
        IndicatorCorrected {
            indicator_id,
            from: terms("organisations committed", true),
            to: terms(name, false),
            reason: "Some employers sit in two compacts".into(),
        }
        .into(),
    ]
}

fn roles() -> [RegionEvent; 2] {
    let grant_id = GrantId::new(uuid(9));
    let held = Holding {
        account_id: AccountId::new(uuid(10)),
        post: Post::GroupLead {
            compact_id: CompactId::new(uuid(6)),
            group_id: group().id,
        },
        group: Some(group()),
    };
    [
        RoleGranted {
            grant_id,
            held: held.clone(),
            from: day("2007-05-01"),
            until: Some(day("2008-03-31")),
        }
        .into(),
        RoleEnded {
            grant_id,
            held,
            from: day("2007-09-24"),
            reason: "The chair passed to another".into(),
        }
        .into(),
    ]
}

pub fn compact() -> Vec<CompactEvent> {
    let mut events = vec![
        CompactEstablished {
            compact_id: CompactId::new(uuid(6)),
            region_id: RegionId::new(uuid(8)),
            slug: "leicestershire".into(),
            name: "Leicestershire Public Sector Compact".into(),
            area: "Leicester and Leicestershire".into(),
            launched_on: day("2006-05-01"),
            pilot_from_year: Some(2005),
        }
        .into(),
        CompactRenamed {
            from: "Leicestershire Public Sector Compact".into(),
            to: "Leicester Shire Public Sector Compact".into(),
            reason: "The name that the partners use".into(),
        }
        .into(),
        CompactCorrected {
            from: CompactBeginnings {
                area: "Leicester and Leicestershire".into(),
                launched_on: day("2006-05-01"),
                pilot_from_year: Some(2005),
            },
            to: CompactBeginnings {
                area: "Leicester, Leicestershire and Rutland".into(),
                launched_on: day("2006-05-11"),
                pilot_from_year: None,
            },
            reason: "The minutes of the launch give another day".into(),
        }
        .into(),
        CompactSucceeded {
            by: successor(),
            reason: "The two compacts merged".into(),
        }
        .into(),
    ];
    events.extend(groups());
    events.extend(begun());
    events.push(redacted().into());
    events
}

fn begun() -> [CompactEvent; 5] {
    let commitment_id = CommitmentId::new(uuid(20));
    let session = "2008-09".parse().expect("a session");
    [
        CommitmentEntered {
            commitment_id,
            session,
            label: "2".into(),
            groups: vec![group()],
        }
        .into(),
        CommitmentRelabelled {
            commitment_id,
            session,
            from: "2".into(),
            to: "2b".into(),
        }
        .into(),
        ActionPlanEntered {
            action_plan_id: ActionPlanId::new(uuid(21)),
            group: group(),
        }
        .into(),
        AdoptionEntered {
            adoption_id: AdoptionId::new(uuid(22)),
            organisation: Some(college()),
            practice_id: GoodPracticeId::new(uuid(23)),
        }
        .into(),
        AdoptionEnded {
            adoption_id: AdoptionId::new(uuid(22)),
        }
        .into(),
    ]
}

fn groups() -> [CompactEvent; 4] {
    [
        GroupFormed {
            group: group(),
            kind: GroupKind::ShortLife,
            note: Some("To be constituted".into()),
        }
        .into(),
        GroupRenamed {
            group: group(),
            to: "Learning Group".into(),
            reason: "Shorter".into(),
        }
        .into(),
        ChairAppointed {
            group: group(),
            from: Some(super::council()),
            to: college(),
        }
        .into(),
        GroupWoundUp {
            group: group(),
            reason: "Its task is done".into(),
        }
        .into(),
    ]
}
