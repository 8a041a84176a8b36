//! What is looked at when the policies are loaded, and what a decision tells.

use access::{Access, Action, FILES, Grant, PolicyFile, Principal, Resource, SCHEMA};
use domain::ids::AccountId;
use domain::{Post, Visibility};

use super::world::{ACCOUNT, COMPACTS, NOW, REGIONS, grant, id, principal, today};

/// Why the policies are refused with this one beside them.
fn refused(text: &str) -> String {
    let mut files = FILES.to_vec();
    let name = "more.cedar";
    files.push(PolicyFile { name, text });
    let Err(error) = Access::of(SCHEMA, &files) else {
        panic!("taken: {text}");
    };
    error.to_string()
}

#[test]
fn policies_that_do_not_hold_up_are_refused() {
    let permit = |scope: &str| format!("@id(\"more\") permit ({scope});");
    assert!(refused("permit (").contains("more.cedar cannot be read"));
    let unnamed = refused("permit (principal, action, resource);");
    assert!(unnamed.contains("without an @id"), "{unnamed}");
    let again = refused("@id(\"secretariat-releases\") permit (principal, action, resource);");
    assert!(again.contains("secretariat-releases"), "{again}");
    for wrong in [
        permit("principal is Person, action, resource"),
        permit("principal, action == Action::\"RenameEverything\", resource"),
        "@id(\"more\") permit (principal is Account, action, resource is Matter) when { resource.compct == resource.compact };".into(),
        "@id(\"more\") permit (principal is Account, action, resource is Matter) when { resource.visibility == \"draft\" };".into(),
        "@id(\"more\") permit (principal is Account, action, resource is Matter) when { resource.visibility == Visibility::\"drafts\" };".into(),
        "@id(\"more\") permit (principal is Account, action, resource is Matter) when { principal.represents.contains(resource.organisation) };".into(),
        // It can never come true, which the validator only warns of.
        "@id(\"more\") permit (principal, action == Action::\"AddTheme\", resource is Matter);".into(),
    ] {
        let why = refused(&wrong);
        assert!(why.contains("do not hold up"), "{why}");
    }
}

#[test]
fn a_schema_with_other_actions_than_the_program_is_refused() {
    let refused = |schema: String| {
        Access::of(&schema, FILES)
            .err()
            .expect("refused")
            .to_string()
    };
    let fewer = refused(SCHEMA.replace(" ReadFigure in", " ReadFigures in"));
    assert!(
        fewer.contains("ReadFigure\"") && fewer.contains("ReadFigures\""),
        "{fewer}"
    );
}

#[test]
fn every_action_has_a_name_and_words_of_its_own() {
    for same in [Action::name as fn(Action) -> &'static str, Action::words] {
        let mut said: Vec<_> = Action::ALL.iter().map(|action| same(*action)).collect();
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), Action::ALL.len());
    }
}

#[test]
fn a_decision_names_the_policies_that_made_it() {
    let access = Access::load().expect("the policies");
    let [compact, _] = COMPACTS;
    let ledger = access::CompactLedger {
        compact,
        region: REGIONS[0],
    };
    let published = Resource::Matter(ledger.matter(Visibility::Public));
    let post = Post::Secretariat {
        compact_id: compact,
    };
    let secretariat = Principal::account(ACCOUNT, [grant(post, NOW)]);
    let decision = access.decide(&secretariat, Action::ReadRecord, &published, today());
    let by: Vec<_> = decision.determined_by.iter().map(String::as_str).collect();
    assert_eq!(
        by,
        [
            "compact-reads-itself",
            "everyone-reads-what-is-published",
            "region-reads-what-is-released",
            "secretariat-reads-all-of-its-compact",
        ]
    );
}

#[test]
fn an_error_denies_whatever_policies_say() {
    // Past the validator: the sum overflows only when it is worked out.
    let overflowing = "@id(\"more\") permit (principal, action, resource)
        when { 9223372036854775807 + 1 > 0 };";
    let mut files = FILES.to_vec();
    files.push(PolicyFile {
        name: "more.cedar",
        text: overflowing,
    });
    let access = Access::of(SCHEMA, &files).expect("policies that hold up");
    let register = Resource::Region(REGIONS[0]);
    let decision = access.decide(&Principal::PUBLIC, Action::ReadRegister, &register, today());
    assert!(!decision.allowed);
    assert!(
        decision
            .determined_by
            .contains("everyone-reads-the-register")
    );
    assert!(decision.errors[0].contains("more"), "{:?}", decision.errors);
}

#[test]
fn what_makes_no_sense_is_denied_and_reported() {
    let access = Access::load().expect("the policies");
    let post = Post::RegionalAdministrator;
    let administrator = Principal::account(ACCOUNT, [grant(post, NOW)]);
    let role = Resource::Appointment {
        region: REGIONS[0],
        post,
    };
    let decision = access.decide(&administrator, Action::AddTheme, &role, today());
    assert!(!decision.allowed);
    assert_eq!(decision.errors.len(), 1);
}

#[test]
fn grants_of_another_account_are_worth_nothing() {
    let access = Access::load().expect("the policies");
    let post = Post::RegionalAdministrator;
    let another = Grant {
        account: AccountId::new(id(99)),
        ..grant(post, NOW)
    };
    let principal = Principal::account(ACCOUNT, [another]);
    let region = Resource::Region(REGIONS[0]);
    let decision = access.decide(&principal, Action::AddTheme, &region, today());
    assert!(!decision.allowed && decision.errors.is_empty());
}

#[test]
fn a_role_counts_from_its_first_day_to_its_last_and_on_no_other() {
    let access = Access::load().expect("the policies");
    let region = Resource::Region(REGIONS[0]);
    let counts = [
        ((-1, None), true),
        ((0, None), true),
        ((1, None), false),
        ((-1, Some(1)), true),
        ((-1, Some(0)), true),
        ((-9, Some(-1)), false),
        // Taken away before it began.
        ((0, Some(-1)), false),
        ((1, Some(0)), false),
    ];
    for (time, expected) in counts {
        let principal = principal(&[grant(Post::RegionalAdministrator, time)]);
        let decision = access.decide(&principal, Action::AddTheme, &region, today());
        assert_eq!(decision.allowed, expected, "{time:?}");
    }
}
