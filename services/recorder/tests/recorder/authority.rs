//! Who may have what recorded, in which role, and what everybody else is answered.

use access::Token;
use domain::commitment::{ClassificationInput, CommitmentWords, OrganisationPart, ReadingInput};
use domain::figure::MeasureKind;
use domain::ids::{
    AccountId, CommandId, CommitmentId, CompactId, GrantId, IndicatorId, LedgerId, MeasureId,
    OrganisationId, ReadingId, RegionId,
};
use domain::region::{Category, CompactParticulars, GrantTerms, IndicatorTerms, RoleEnding};
use domain::{Command, CommitmentCommand, Post, RegionCommand, Visibility};
use recorder::{Actor, Answer, Installation, RecordError, Recorder, Submission};
use sqlx::PgPool;
use uuid::Uuid;

use crate::{day, recorder};

const fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

const REGION: RegionId = RegionId::new(id(1));
const NORTH: CompactId = CompactId::new(id(2));
const SOUTH: CompactId = CompactId::new(id(3));
const COLLEGE: OrganisationId = OrganisationId::new(id(4));
const INDICATOR: IndicatorId = IndicatorId::new(id(5));
const COMMITMENT: CommitmentId = CommitmentId::new(id(6));
const MEASURE: MeasureId = MeasureId::new(id(7));

const SECRETARIAT: AccountId = AccountId::new(id(21));
const MEMBER: AccountId = AccountId::new(id(22));
const OF_THE_SOUTH: AccountId = AccountId::new(id(23));
const BOTH: AccountId = AccountId::new(id(24));
const NOBODY: AccountId = AccountId::new(id(25));

/// A recorder and the ids of what is sent to it.
struct House {
    recorder: Recorder,
    sent: std::sync::atomic::AtomicU32,
}

fn submission<A>(ledger: LedgerId, sent: u128, actor: A, command: Command) -> Submission<A> {
    Submission {
        ledger,
        command_id: CommandId::new(id(1000 + sent)),
        actor,
        causation: None,
        occurred_on: Some(day("2008-05-01")),
        meeting: None,
        expected_version: None,
        commands: vec![command],
    }
}

fn account(account: AccountId) -> Actor {
    let token = None;
    Actor { account, token }
}

fn region(command: RegionCommand) -> Command {
    Command::Region {
        id: REGION,
        command,
    }
}

fn promise(command: CommitmentCommand) -> Command {
    Command::Commitment {
        id: COMMITMENT,
        command,
    }
}

fn agree() -> Command {
    promise(CommitmentCommand::AgreeCommitment)
}

fn release(to: Visibility) -> Command {
    let reason = Some("as the group decided".to_owned());
    promise(CommitmentCommand::ReleaseCommitment {
        to,
        reason: reason.map(Into::into),
    })
}

fn reading(n: u128, value: &str, of: &[(OrganisationId, &str)]) -> Command {
    let parts = of.iter().map(|(organisation, value)| OrganisationPart {
        organisation: *organisation,
        value: value.parse().expect("a figure"),
    });
    promise(CommitmentCommand::RecordReading {
        reading: ReadingId::new(id(n)),
        measure: MEASURE,
        terms: ReadingInput {
            taken_on: day("2008-05-01"),
            value: value.parse().expect("a figure"),
            source: "Survey".to_owned().into(),
            note: None,
            by_organisation: parts.collect(),
        },
    })
}

impl House {
    async fn over(pool: &PgPool) -> Self {
        Self {
            recorder: recorder(pool).await,
            sent: 0.into(),
        }
    }

    /// Another process over the same ledgers.
    async fn beside(pool: &PgPool) -> Self {
        Self {
            sent: 500.into(),
            ..Self::over(pool).await
        }
    }

    fn next(&self) -> u128 {
        let sent = self.sent.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        sent.into()
    }

    async fn own(&self, ledger: LedgerId, command: Command) {
        let actor = Installation {
            id: "operator".to_owned(),
            role: "operator".to_owned(),
        };
        let submission = submission(ledger, self.next(), actor, command);
        self.recorder
            .record_own(submission)
            .await
            .expect("recorded");
    }

    async fn send(
        &self,
        actor: Actor,
        ledger: LedgerId,
        command: Command,
    ) -> Result<Answer, RecordError> {
        let submission = submission(ledger, self.next(), actor, command);
        self.recorder.record(submission).await
    }

    /// Sends something about the north's commitment.
    async fn ask(&self, who: AccountId, command: Command) -> Result<Answer, RecordError> {
        self.send(account(who), NORTH.ledger(), command).await
    }

    async fn grant(&self, grant: u128, account: AccountId, post: Post, days: (&str, Option<&str>)) {
        let terms = GrantTerms {
            account,
            post,
            from: day(days.0),
            until: days.1.map(day),
        };
        let grant = GrantId::new(id(grant));
        let command = region(RegionCommand::GrantRole { grant, terms });
        self.own(REGION.ledger(), command).await;
    }

    async fn end(&self, grant: u128, from: &str) {
        let ending = RoleEnding {
            from: day(from),
            reason: "Left".to_owned().into(),
        };
        let grant = GrantId::new(id(grant));
        let command = region(RegionCommand::EndRole { grant, ending });
        self.own(REGION.ledger(), command).await;
    }
}

/// Two compacts, with a promise in the north that is measured and still a draft.
async fn set_up(pool: &PgPool) -> House {
    let house = House::over(pool).await;
    for command in register() {
        house.own(REGION.ledger(), region(command)).await;
    }
    let always = ("2007-01-01", None);
    let member = |compact_id| Post::MemberRepresentative {
        compact_id,
        organisation_id: COLLEGE,
    };
    let secretariat = |compact_id| Post::Secretariat { compact_id };
    for (grant, account, post) in [
        (31, SECRETARIAT, secretariat(NORTH)),
        (32, MEMBER, member(NORTH)),
        (33, OF_THE_SOUTH, secretariat(SOUTH)),
        (34, BOTH, secretariat(NORTH)),
        (35, BOTH, member(NORTH)),
    ] {
        house.grant(grant, account, post, always).await;
    }
    for command in promised() {
        house
            .ask(SECRETARIAT, promise(command))
            .await
            .expect("recorded");
    }
    house
}

/// A region with an indicator, an organisation and two compacts.
fn register() -> [RegionCommand; 5] {
    let name = |name: &str| name.to_owned();
    let opened = |compact, slug: &str| RegionCommand::OpenCompact {
        compact,
        particulars: CompactParticulars {
            slug: name(slug),
            name: name(slug),
            area: name(slug),
            launched_on: day("2007-05-21"),
            pilot_from_year: None,
        },
    };
    [
        RegionCommand::EstablishRegion {
            slug: name("east"),
            name: name("East"),
            funder: name("The funder"),
            note: None,
            secretariat_cost_gbp_per_year: None,
        },
        RegionCommand::DefineIndicator {
            indicator: INDICATOR,
            terms: IndicatorTerms {
                name: name("pledges"),
                unit: name("organisations"),
                additive: true,
            },
        },
        RegionCommand::RegisterOrganisation {
            organisation: COLLEGE,
            name: name("The College"),
            category: Category::LearningProvider,
        },
        opened(NORTH, "north"),
        opened(SOUTH, "south"),
    ]
}

/// What a promise that is measured is made of.
fn promised() -> [CommitmentCommand; 2] {
    let proposal = CommitmentCommand::ProposeCommitment {
        session: "2008-09".parse().expect("a session"),
        label: "1".to_owned(),
        words: CommitmentWords {
            title: "More pledges".to_owned(),
            comment: None,
        },
        classification: ClassificationInput::default(),
        due_on: None,
    };
    let measure = CommitmentCommand::AddMeasure {
        measure: MEASURE,
        indicator: INDICATOR,
        kind: MeasureKind::Total,
        baseline: None,
        target: None,
        due_on: None,
    };
    [proposal, measure]
}

fn refusal(answer: Result<Answer, RecordError>) -> (String, String) {
    match answer.expect_err("refused") {
        RecordError::Refused { code, message, .. } => (code, message),
        other => (format!("{other:?}"), other.to_string()),
    }
}

async fn last_role(pool: &PgPool) -> (String, String) {
    let reader = ledger::Reader::new(pool.clone());
    let raws = reader.read(NORTH.ledger(), 0, 1000).await.expect("read");
    let last = raws.last().expect("an entry").decode().expect("decoded");
    (last.recorded.actor, last.recorded.role)
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_record_names_the_account_and_the_most_specific_role_that_allowed_it(pool: PgPool) {
    let house = set_up(&pool).await;
    house.ask(BOTH, agree()).await.expect("agreed");
    let signed = |role: &str| (BOTH.to_string(), role.to_owned());
    assert_eq!(last_role(&pool).await, signed("secretariat"));
    house
        .ask(BOTH, release(Visibility::Compact))
        .await
        .expect("released");
    house
        .ask(BOTH, reading(41, "5", &[(COLLEGE, "5")]))
        .await
        .expect("reported");
    assert_eq!(last_role(&pool).await, signed("member-representative"));
    // More than the college's own part is in this one: it takes the secretariat.
    house
        .ask(BOTH, reading(42, "9", &[(COLLEGE, "5")]))
        .await
        .expect("reported");
    assert_eq!(last_role(&pool).await, signed("secretariat"));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_may_not_be_seen_is_refused_as_what_is_not_there(pool: PgPool) {
    let house = set_up(&pool).await;
    let elsewhere = Command::Commitment {
        id: CommitmentId::new(id(99)),
        command: CommitmentCommand::AgreeCommitment,
    };
    let nowhere = LedgerId::new(id(98));
    for who in [MEMBER, OF_THE_SOUTH, NOBODY] {
        let there = house.ask(who, agree()).await;
        assert_eq!(there, Err(RecordError::UnknownLedger), "{who}");
        assert_eq!(house.ask(who, elsewhere.clone()).await, there);
        let none = house.send(account(who), nowhere, elsewhere.clone()).await;
        assert_eq!(none, there);
        // Nor is it told at what version it stands.
        let mut versioned = submission(NORTH.ledger(), house.next(), account(who), agree());
        versioned.expected_version = Some(77);
        assert_eq!(house.recorder.record(versioned).await, there);
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_may_be_seen_and_not_done_is_refused_in_words_that_say_who_does_it(pool: PgPool) {
    let house = set_up(&pool).await;
    house.ask(SECRETARIAT, agree()).await.expect("agreed");
    house
        .ask(SECRETARIAT, release(Visibility::Compact))
        .await
        .expect("released");
    let conclude = CommitmentCommand::WithdrawCommitment {
        reason: "Overtaken".to_owned().into(),
    };
    let (code, words) = refusal(house.ask(MEMBER, promise(conclude)).await);
    assert_eq!(code, "FORBIDDEN");
    assert_eq!(
        words,
        "you may read this, and it is for the secretariat to withdraw a commitment; ask them"
    );
    let (code, words) = refusal(house.ask(MEMBER, reading(41, "9", &[(COLLEGE, "5")])).await);
    assert_eq!(code, "FORBIDDEN");
    assert!(
        words.contains("for the secretariat to report a figure"),
        "{words}"
    );
    house
        .ask(MEMBER, reading(41, "5", &[(COLLEGE, "5")]))
        .await
        .expect("its own");
    let theme = region(RegionCommand::AddTheme {
        code: "x".to_owned(),
        name: "X".to_owned(),
    });
    let (code, words) = refusal(house.send(account(MEMBER), REGION.ledger(), theme).await);
    assert_eq!(code, "FORBIDDEN");
    assert!(words.contains("regional administrator"), "{words}");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_role_counts_on_its_days_whatever_date_a_command_says(pool: PgPool) {
    let house = set_up(&pool).await;
    let secretariat = Post::Secretariat { compact_id: NORTH };
    let days = [
        ("2008-06-03", None),
        ("2008-04-01", Some("2008-06-01")),
        ("2008-06-02", Some("2008-06-02")),
    ];
    for (at, (from, until)) in (50..).zip(days) {
        let who = AccountId::new(id(at));
        house.grant(at, who, secretariat, (from, until)).await;
        let allowed = house.ask(who, agree()).await.is_ok();
        assert_eq!(allowed, until == Some("2008-06-02"), "{from} {until:?}");
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_role_that_another_process_ended_counts_no_more_and_a_retry_is_answered_all_the_same(
    pool: PgPool,
) {
    let house = set_up(&pool).await;
    let beside = House::beside(&pool).await;
    let sent = submission(NORTH.ledger(), 400, account(SECRETARIAT), agree());
    let first = house.recorder.record(sent.clone()).await.expect("agreed");
    beside
        .grant(
            60,
            NOBODY,
            Post::Secretariat { compact_id: NORTH },
            ("2007-01-01", None),
        )
        .await;
    beside.end(31, "2008-06-02").await;

    let start = promise(CommitmentCommand::StartCommitment);
    let refused = house.ask(SECRETARIAT, start.clone()).await;
    assert_eq!(refused, Err(RecordError::UnknownLedger));
    house.ask(NOBODY, start).await.expect("somebody by now");
    let again = house
        .recorder
        .record(sent.clone())
        .await
        .expect("answered again");
    assert_eq!((again.position, again.repeated), (first.position, true));
    // That its id is taken is not told to who may not see for what.
    let other = submission(NORTH.ledger(), 400, account(OF_THE_SOUTH), agree());
    let other = house.recorder.record(other).await;
    assert_eq!(other, Err(RecordError::UnknownLedger));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn nothing_is_recorded_on_a_role_that_another_process_ended_however_many_come_at_once(
    pool: PgPool,
) {
    let house = set_up(&pool).await;
    let beside = House::beside(&pool).await;
    house.ask(SECRETARIAT, agree()).await.expect("agreed");
    let propose = |n: u128| {
        let [mut command, _] = promised();
        if let CommitmentCommand::ProposeCommitment { label, .. } = &mut command {
            *label = format!("x{n}");
        }
        let id = CommitmentId::new(id(2000 + n));
        Command::Commitment { id, command }
    };
    let all_at_once = async |from: u128| {
        let asked = (from..from + 40).map(|n| {
            let who = if n % 4 == 0 { BOTH } else { SECRETARIAT };
            let sent = submission(NORTH.ledger(), 3000 + n, account(who), propose(n));
            let recording = house.recorder.record(sent);
            async move { (who, recording.await) }
        });
        futures::future::join_all(asked).await
    };
    for (_, answer) in all_at_once(0).await {
        answer.expect("proposed");
    }
    beside.end(31, "2008-06-02").await;
    // Those who have their role still are not held up by those who have not.
    for (who, answer) in all_at_once(40).await {
        if who == BOTH {
            answer.expect("proposed");
        } else {
            assert_eq!(answer, Err(RecordError::UnknownLedger));
        }
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_token_is_good_for_no_more_than_it_says(pool: PgPool) {
    let house = set_up(&pool).await;
    let token = |compacts: Option<Vec<CompactId>>, writes, second_factor| Token {
        compacts,
        writes,
        second_factor,
    };
    let bearing = |token| Actor {
        account: SECRETARIAT,
        token: Some(token),
    };
    let (code, words) = refusal(
        house
            .send(bearing(token(None, false, true)), NORTH.ledger(), agree())
            .await,
    );
    assert_eq!(code, "FORBIDDEN");
    assert!(words.contains("the token this came with"), "{words}");
    for useless in [
        token(Some(vec![SOUTH]), true, true),
        token(None, true, false),
    ] {
        let answer = house.send(bearing(useless), NORTH.ledger(), agree()).await;
        assert_eq!(answer, Err(RecordError::UnknownLedger));
    }
    let good = bearing(token(Some(vec![NORTH]), true, true));
    house
        .send(good, NORTH.ledger(), agree())
        .await
        .expect("agreed");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_role_is_not_given_or_ended_by_who_may_not_and_one_not_given_is_not_told_from_another_s(
    pool: PgPool,
) {
    let house = set_up(&pool).await;
    let ending = |grant| {
        let ending = RoleEnding {
            from: day("2008-06-02"),
            reason: "Left".to_owned().into(),
        };
        let grant = GrantId::new(id(grant));
        region(RegionCommand::EndRole { grant, ending })
    };
    let end = async |who, grant| {
        let answer = house
            .send(account(who), REGION.ledger(), ending(grant))
            .await;
        answer.map(|_| ())
    };
    let unknown = Err(RecordError::UnknownLedger);
    assert_eq!(end(OF_THE_SOUTH, 32).await, unknown, "the north's member");
    assert_eq!(end(OF_THE_SOUTH, 97).await, unknown, "nobody's");
    let own = end(SECRETARIAT, 34).await.expect_err("another secretariat");
    assert!(matches!(own, RecordError::Refused { code, .. } if code == "FORBIDDEN"));
    assert_eq!(end(SECRETARIAT, 32).await, Ok(()), "its own member");
}
