//! What may be asked of the register.

use super::*;

fn establish(slug: &str) -> RegionCommand {
    C::EstablishRegion {
        slug: slug.into(),
        name: " East Midlands ".into(),
        funder: "The funder".into(),
        note: Some(" ".into()),
        secretariat_cost_gbp_per_year: Some(10_000),
    }
}

fn challenge(text: &str) -> RegionCommand {
    C::SetChallenge {
        label: " 1 ".into(),
        text: text.into(),
    }
}

fn add_theme(code: &str, name: &str) -> RegionCommand {
    C::AddTheme {
        code: code.into(),
        name: name.into(),
    }
}

fn rename_theme(code: &str, name: &str, reason: &str) -> RegionCommand {
    C::RenameTheme {
        code: code.into(),
        name: name.into(),
        reason: reason.into(),
    }
}

fn define(n: u128, terms: IndicatorTerms) -> RegionCommand {
    C::DefineIndicator {
        indicator: indicator(n),
        terms,
    }
}

fn correct(n: u128, terms: IndicatorTerms, reason: &str) -> RegionCommand {
    C::CorrectIndicator {
        indicator: indicator(n),
        terms,
        reason: reason.into(),
    }
}

fn register(n: u128, name: &str) -> RegionCommand {
    C::RegisterOrganisation {
        organisation: organisation(n),
        name: name.into(),
        category: Category::Health,
    }
}

fn rename(n: u128, name: &str, reason: &str) -> RegionCommand {
    C::RenameOrganisation {
        organisation: organisation(n),
        name: name.into(),
        reason: reason.into(),
    }
}

fn recategorise(n: u128, category: Category, reason: &str) -> RegionCommand {
    C::RecategoriseOrganisation {
        organisation: organisation(n),
        category,
        reason: reason.into(),
    }
}

fn open(n: u128, particulars: CompactParticulars) -> RegionCommand {
    C::OpenCompact {
        compact: compact(n),
        particulars,
    }
}

fn theme(code: &str, name: &str) -> ThemeAdded {
    ThemeAdded {
        code: code.into(),
        name: name.into(),
    }
}

fn registered(n: u128, name: &str) -> OrganisationRegistered {
    OrganisationRegistered {
        organisation_id: organisation(n),
        name: name.into(),
        category: Category::Health,
    }
}

fn renamed(n: u128, from: &str, to: &str) -> OrganisationRenamed {
    OrganisationRenamed {
        organisation_id: organisation(n),
        from: from.into(),
        to: to.into(),
        reason: WHY.into(),
    }
}

fn opened(n: u128, slug: &str, name: &str) -> CompactOpened {
    CompactOpened {
        compact_id: compact(n),
        slug: slug.into(),
        name: name.into(),
        area: "Derby and Derbyshire".into(),
        launched_on: may(1),
        pilot_from_year: None,
    }
}

#[test]
fn a_region_is_established_once_and_nothing_is_registered_before() {
    accepts(vec![], on(2, establish("east-midlands")), established());
    refuses(
        a_region(),
        on(3, establish("east-midlands")),
        RegionError::AlreadyEstablished,
    );
    let typed = "East Midlands".to_owned();
    refuses(
        vec![],
        on(2, establish(&typed)),
        NotASlug {
            field: "slug",
            typed,
        },
    );
    for asked in [
        challenge("Train."),
        add_theme("a", "A"),
        rename_theme("a", "B", WHY),
        define(1, terms("a", "b")),
        correct(1, terms("a", "b"), WHY),
        register(1, "A"),
        rename(1, "B", WHY),
        recategorise(1, Category::Other, WHY),
        open(1, particulars("a", "A")),
    ] {
        refuses(vec![], on(2, asked.clone()), RegionError::NotEstablished);
        let refusal = too_early("this region's record begins on", 2);
        refuses(a_region(), on(1, asked), refusal);
    }
}

#[test]
fn a_point_of_the_challenge_is_set_and_replaced_by_other_words() {
    let set = |text: &str, from: Option<&str>| ChallengeSet {
        label: "1".into(),
        text: text.into(),
        from: from.map(Into::into),
    };
    accepts(a_region(), on(3, challenge("Train.")), set("Train.", None));
    let lived = and(a_region(), 3, set("Train.", None));
    accepts(
        lived.clone(),
        on(3, challenge("Train all.")),
        set("Train all.", Some("Train.")),
    );
    refuses(
        lived.clone(),
        on(4, challenge("Train.")),
        unchanged("text", "this point of the challenge has these words"),
    );
    refuses(
        lived.clone(),
        on(2, challenge("Train all.")),
        too_early("this point of the challenge was last changed on", 3),
    );
    refuses(lived, on(3, challenge(" ")), missing("text", "the text"));
}

#[test]
fn theme_codes_and_names_belong_to_one_theme_each() {
    let lived = and(a_region(), 3, theme("skills-pledge", "Skills Pledge"));
    accepts(
        a_region(),
        on(3, add_theme(" skills-pledge", "Skills Pledge ")),
        theme("skills-pledge", "Skills Pledge"),
    );
    refuses(
        lived.clone(),
        on(3, add_theme("skills-pledge", "Other")),
        taken(Named::ThemeCode, "skills-pledge"),
    );
    refuses(
        lived,
        on(3, add_theme("other", "skills  pledge")),
        taken(Named::Theme, "Skills Pledge"),
    );
    let typed = "Skills Pledge".to_owned();
    refuses(
        a_region(),
        on(3, add_theme(&typed, "Other")),
        NotASlug {
            field: "code",
            typed,
        },
    );
}

#[test]
fn a_theme_is_renamed_with_a_reason() {
    let lived = and(a_region(), 3, theme("pledge", "Pledge"));
    let expected = ThemeRenamed {
        code: "pledge".into(),
        from: "Pledge".into(),
        to: "Skills Pledge".into(),
        reason: WHY.into(),
    };
    let asked = rename_theme("pledge", "Skills Pledge", WHY);
    accepts(lived.clone(), on(3, asked.clone()), expected.clone());
    let changed = "this theme was last changed on";
    refuses(lived.clone(), on(2, asked.clone()), too_early(changed, 3));
    refuses(
        lived.clone(),
        on(3, rename_theme("pledge", "Pledge", WHY)),
        unchanged("name", "this is the theme's name"),
    );
    refuses(
        lived.clone(),
        on(3, rename_theme("pledge", "B", "")),
        no_reason(),
    );
    refuses(
        lived.clone(),
        on(3, rename_theme("juggling", "B", WHY)),
        UnknownFact::Theme("juggling".into()),
    );
    let lived = and(lived, 9, expected);
    refuses(
        lived.clone(),
        on(8, add_theme("other", "pledge")),
        held(Named::Theme, "pledge", 9),
    );
    accepts(
        lived,
        on(9, add_theme("other", "pledge")),
        theme("other", "pledge"),
    );
}

fn defined(n: u128, terms: IndicatorTerms) -> IndicatorDefined {
    IndicatorDefined {
        indicator_id: indicator(n),
        terms,
    }
}

#[test]
fn an_indicator_is_defined_under_a_name_of_its_own() {
    let first = terms("events delivered", "events");
    let untrimmed = terms(" events delivered", " events");
    accepts(
        a_region(),
        on(3, define(1, untrimmed)),
        defined(1, first.clone()),
    );
    let lived = and(a_region(), 3, defined(1, first));
    refuses(
        lived.clone(),
        on(3, define(2, terms("Events Delivered", "events"))),
        taken(Named::Indicator, "events delivered"),
    );
    let field = "indicatorId";
    refuses(
        lived,
        on(3, define(1, terms("b", "b"))),
        RegionError::IdTaken { field },
    );
    refuses(
        a_region(),
        on(3, define(1, terms("b", " "))),
        missing("unit", "the unit"),
    );
}

#[test]
fn an_indicator_s_terms_are_corrected_with_a_reason() {
    let first = terms("events delivered", "events");
    let better = terms("events staged", "events");
    let lived = and(a_region(), 3, defined(1, first.clone()));
    let corrected = IndicatorCorrected {
        indicator_id: indicator(1),
        from: first.clone(),
        to: better.clone(),
        reason: WHY.into(),
    };
    let asked = correct(1, better.clone(), WHY);
    accepts(lived.clone(), on(3, asked.clone()), corrected);
    let what = "this indicator was last changed on";
    refuses(lived.clone(), on(2, asked), too_early(what, 3));
    refuses(
        lived.clone(),
        on(3, correct(1, better.clone(), " ")),
        no_reason(),
    );
    let what = "the indicator has this name, this unit and this rule for adding up";
    refuses(
        lived.clone(),
        on(3, correct(1, first, WHY)),
        unchanged("name", what),
    );
    let stranger = UnknownFact::Indicator(indicator(2));
    refuses(lived.clone(), on(3, correct(2, better, WHY)), stranger);
    refuses(
        lived,
        on(3, correct(1, terms("events delivered", "yes-no"), WHY)),
        RegionError::YesNoUnitFixed,
    );
}

#[test]
fn an_organisation_is_registered_once_whatever_the_capitals_and_spacing() {
    accepts(
        a_region(),
        on(3, register(1, " Boston College ")),
        registered(1, "Boston College"),
    );
    let lived = and(a_region(), 3, registered(1, "Boston College"));
    refuses(
        lived.clone(),
        on(3, register(2, "BOSTON  college")),
        taken(Named::Organisation, "Boston College"),
    );
    let field = "organisationId";
    refuses(
        lived,
        on(3, register(1, "Other")),
        RegionError::IdTaken { field },
    );
    refuses(
        a_region(),
        on(3, register(1, " ")),
        missing("name", "the organisation's name"),
    );
    let refusal = taken(Named::Organisation, "Boston College");
    assert_eq!(
        refusal.to_string(),
        "there is already an organisation called “Boston College”; use that one, or enter another"
    );
    assert_eq!(
        (refusal.code(), refusal.field()),
        ("NAME_TAKEN", Some("name"))
    );
}

#[test]
fn an_organisation_is_renamed_and_its_old_name_is_free_from_that_day() {
    let lived = and(a_region(), 3, registered(1, "Connexions"));
    let lived = and(lived, 3, registered(2, "Prospects"));
    accepts(
        lived.clone(),
        on(9, rename(1, "Careers", WHY)),
        renamed(1, "Connexions", "Careers"),
    );
    accepts(
        lived.clone(),
        on(9, rename(1, "CONNEXIONS", WHY)),
        renamed(1, "Connexions", "CONNEXIONS"),
    );
    refuses(
        lived.clone(),
        on(9, rename(1, "prospects", WHY)),
        taken(Named::Organisation, "Prospects"),
    );
    refuses(
        lived.clone(),
        on(9, rename(1, "Connexions", WHY)),
        unchanged("name", "this is the organisation's name"),
    );
    refuses(lived.clone(), on(9, rename(1, "B", "")), no_reason());
    let stranger = UnknownFact::Organisation(organisation(7));
    refuses(lived.clone(), on(9, rename(7, "B", WHY)), stranger);
    let lived = and(lived, 9, renamed(1, "Connexions", "Careers"));
    refuses(
        lived.clone(),
        on(8, register(3, "connexions")),
        held(Named::Organisation, "connexions", 9),
    );
    refuses(
        lived.clone(),
        on(8, rename(1, "B", WHY)),
        too_early("this organisation was last changed on", 9),
    );
    accepts(
        lived,
        on(9, register(3, "connexions")),
        registered(3, "connexions"),
    );
}

#[test]
fn an_organisation_moves_to_another_category_with_a_reason() {
    let lived = and(a_region(), 3, registered(1, "Connexions"));
    let moved = OrganisationRecategorised {
        organisation_id: organisation(1),
        from: Category::Health,
        to: Category::AdviceGuidance,
        reason: WHY.into(),
    };
    let asked = recategorise(1, Category::AdviceGuidance, WHY);
    accepts(lived.clone(), on(3, asked.clone()), moved.clone());
    refuses(
        and(lived.clone(), 5, moved),
        on(5, asked.clone()),
        unchanged("category", "the organisation is in this category"),
    );
    let what = "this organisation was last changed on";
    refuses(lived.clone(), on(2, asked), too_early(what, 3));
    refuses(
        lived,
        on(3, recategorise(1, Category::Other, "")),
        no_reason(),
    );
}

#[test]
fn a_compact_is_opened_under_a_slug_and_a_name_of_its_own() {
    let derbyshire = || particulars("derbyshire", "Derbyshire Compact");
    accepts(
        a_region(),
        on(3, open(1, derbyshire())),
        opened(1, "derbyshire", "Derbyshire Compact"),
    );
    let lived = and(a_region(), 3, opened(1, "derbyshire", "Derbyshire Compact"));
    refuses(
        lived.clone(),
        on(4, open(2, particulars("derbyshire", "Other"))),
        taken(Named::CompactSlug, "derbyshire"),
    );
    refuses(
        lived.clone(),
        on(4, open(2, particulars("other", "derbyshire compact"))),
        taken(Named::Compact, "Derbyshire Compact"),
    );
    let field = "compactId";
    refuses(
        lived,
        on(4, open(1, derbyshire())),
        RegionError::IdTaken { field },
    );
    let areas = CompactParticulars {
        area: " ".into(),
        ..derbyshire()
    };
    let area: ParticularsError = TextError::Missing {
        field: "area",
        what: "the area",
    }
    .into();
    refuses(a_region(), on(3, open(1, areas)), area);
    let pilot = CompactParticulars {
        pilot_from_year: Some(2008),
        ..derbyshire()
    };
    let after = ParticularsError::PilotAfterLaunch {
        pilot: 2008,
        launch: 2007,
    };
    refuses(a_region(), on(3, open(1, pilot)), after);
}

#[test]
fn the_register_answers_for_what_it_holds() {
    let mut region = Region::default();
    let lived = and(a_region(), 3, theme("pledge", "Pledge"));
    let lived = and(lived, 3, registered(1, "Connexions"));
    let lived = and(lived, 4, renamed(1, "Connexions", "Careers"));
    for dated in and(lived, 5, opened(1, "derbyshire", "Derbyshire Compact")) {
        cqrs_es::Aggregate::apply(&mut region, dated);
    }
    assert_eq!(region.theme("pledge"), Some("Pledge"));
    let organisation = region.organisation(organisation(1)).expect("Careers");
    assert_eq!(organisation.name, "Careers");
    let fact = region.compact(compact(1)).expect("Derbyshire");
    assert_eq!(
        (fact.slug.as_str(), fact.name.as_str()),
        ("derbyshire", "Derbyshire Compact")
    );
    assert_eq!(region.indicator(indicator(1)), None);
}
