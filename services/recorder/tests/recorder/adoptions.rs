//! Taking good practice up: once by each that takes it up, whoever decides it.

use domain::adoption::SourceInput;
use domain::good_practice::PracticeInput;
use domain::ids::{AdoptionId, GoodPracticeId};
use domain::{AdoptionCommand, GoodPracticeCommand};

use super::*;

const PRACTICE: GoodPracticeId = GoodPracticeId::new(Uuid::from_u128(900));

/// Two processes at a compact that has written a good practice down, and a college in the register that can take it up.
async fn with_a_practice(pool: &PgPool) -> [Arc<Recorder>; 2] {
    let recorders = two_processes(pool).await;
    let register = RegionCommand::RegisterOrganisation {
        organisation: COLLEGE,
        name: "The College".to_owned(),
        category: Category::LearningProvider,
    };
    let sent = submission(REGION.ledger(), 700, vec![region(register)]);
    recorders[0].record(sent).await.expect("registered");
    let terms = PracticeInput {
        title: "Induction".to_owned(),
        theme: "skills-pledge".to_owned(),
        organisation: None,
        summary: "Half a day for all".to_owned().into(),
        contact: None,
        evidence: Vec::new(),
        documents: Vec::new(),
    };
    let write = Command::GoodPractice {
        id: PRACTICE,
        command: GoodPracticeCommand::WritePractice { terms },
    };
    let sent = submission(COMPACT.ledger(), 701, vec![write]);
    recorders[0].record(sent).await.expect("written");
    recorders
}

fn adoption(id: u128, command: AdoptionCommand) -> Submission {
    let command = Command::Adoption {
        id: AdoptionId::new(Uuid::from_u128(id)),
        command,
    };
    submission(COMPACT.ledger(), id, vec![command])
}

/// The college takes the practice up, as an adoption of this id.
fn adopt(id: u128) -> Submission {
    let source = SourceInput {
        compact: COMPACT,
        practice: PRACTICE,
        version: None,
    };
    let command = AdoptionCommand::AdoptPractice {
        by: COMPACT,
        organisation: Some(COLLEGE),
        source,
        note: None,
    };
    adoption(id, command)
}

async fn adoptions(pool: &PgPool) -> usize {
    let events = compact_events(pool).await;
    let adopted = events.iter().filter(|kind| *kind == "adoption.adopted");
    adopted.count()
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn one_practice_is_taken_up_once_though_many_ask_for_it_at_the_same_instant(pool: PgPool) {
    let recorders = with_a_practice(&pool).await;
    let answers = race(&recorders, (1000..1016).map(adopt).collect()).await;
    let won = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(won, 1, "{answers:?}");
    for lost in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        assert_eq!(code(lost), "ALREADY_ADOPTED", "{lost}");
        let words = lost.to_string();
        let told = words.starts_with("The College took this up on 1 May 2008 already;");
        assert!(told, "{words}");
    }
    assert_eq!(adoptions(&pool).await, 1);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_was_given_up_is_taken_up_anew_by_another_process_and_once(pool: PgPool) {
    let recorders = with_a_practice(&pool).await;
    recorders[0].record(adopt(1000)).await.expect("taken up");
    let refused = recorders[1].record(adopt(1001)).await.expect_err("refused");
    assert_eq!(code(&refused), "ALREADY_ADOPTED");
    let reason = "It did not fit".to_owned().into();
    let give_up = Submission {
        command_id: CommandId::new(Uuid::from_u128(1002)),
        ..adoption(1000, AdoptionCommand::WithdrawAdoption { reason })
    };
    recorders[0].record(give_up).await.expect("given up");
    let answers = race(&recorders, (1003..1009).map(adopt).collect()).await;
    let won = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(won, 1, "{answers:?}");
    assert_eq!(adoptions(&pool).await, 2);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_second_adoption_in_the_same_submission_is_refused_and_says_which(pool: PgPool) {
    let [recorder, _] = with_a_practice(&pool).await;
    let mut both = adopt(1000);
    both.commands.extend(adopt(1001).commands);
    let refused = recorder.record(both).await.expect_err("refused");
    let RecordError::Refused { code, field, .. } = refused else {
        panic!("{refused}");
    };
    assert_eq!(code, "ALREADY_ADOPTED");
    assert_eq!(field.as_deref(), Some("commands.1.organisationId"));
    assert_eq!(adoptions(&pool).await, 0);
}
