//! Samples of the events of good practice, and of its adoption.

use domain::adoption::{
    AdoptionEvent, AdoptionWithdrawn, PracticeAdapted, PracticeAdopted, ResultReported,
};
use domain::facts::CompactFact;
use domain::file::{Evidence, FileHash, FileRef};
use domain::good_practice::{
    GoodPracticeEvent, PracticeFact, PracticeRevised, PracticeTerms, PracticeThanked,
    PracticeWithdrawn, PracticeWritten, QuestionAnswered, QuestionAsked,
};
use domain::ids::{CompactId, GoodPracticeId, QuestionId, SubjectId};
use domain::{Visibility, visibility::VisibilityChanged};

use super::{college, council, redacted, successor, uuid};

fn terms(summary: &str) -> PracticeTerms {
    PracticeTerms {
        title: "E&D at induction and on staff days".into(),
        theme: "equality-diversity".into(),
        organisation: Some(college()),
        summary: summary.into(),
        contact: Some("The training manager".into()),
        evidence: vec![Evidence::Link {
            url: "https://example.org/straw-poll".into(),
            note: Some("The straw poll of June 2007".into()),
        }],
        documents: vec![file()],
    }
}

fn file() -> FileRef {
    FileRef {
        hash: FileHash::new([0xab; 32]),
        name: "Induction programme.pdf".into(),
        media_type: "application/pdf".into(),
        bytes: 48_112,
        content: SubjectId::new(uuid(97)),
    }
}

fn question() -> QuestionId {
    QuestionId::new(uuid(50))
}

fn fact(version: u32) -> PracticeFact {
    PracticeFact {
        id: GoodPracticeId::new(uuid(51)),
        version,
        title: "E&D at induction and on staff days".into(),
        organisation: Some(college()),
        withdrawn: false,
    }
}

fn own() -> PracticeFact {
    PracticeFact {
        id: GoodPracticeId::new(uuid(52)),
        version: 1,
        title: "E&D on the first day".into(),
        organisation: Some(council()),
        withdrawn: false,
    }
}

fn source() -> CompactFact {
    CompactFact {
        id: CompactId::new(uuid(53)),
        slug: "lincolnshire-rutland".into(),
        name: "Lincolnshire and Rutland Employment and Skills Compact".into(),
    }
}

fn let_out() -> VisibilityChanged {
    VisibilityChanged {
        from: Visibility::Region,
        to: Visibility::Public,
        reason: Some("The paper is printed".into()),
    }
}

pub fn good_practice() -> Vec<GoodPracticeEvent> {
    vec![
        PracticeWritten {
            terms: terms("Taught by the college's own staff"),
        }
        .into(),
        PracticeRevised {
            version: 2,
            from: terms("Taught by the college's own staff"),
            to: terms("Taught by the college's own staff, with bespoke sessions"),
            changed: Some("Bespoke sessions were added".into()),
            reason: Some("People in customer-facing roles asked for them".into()),
        }
        .into(),
        PracticeWithdrawn {
            reason: "The course ended".into(),
        }
        .into(),
        let_out().into(),
        QuestionAsked {
            question_id: question(),
            by: successor(),
            text: "How long does it take?".into(),
        }
        .into(),
        QuestionAnswered {
            question_id: question(),
            text: "Half a day".into(),
        }
        .into(),
        PracticeThanked {
            by: successor(),
            text: "It helped us a great deal".into(),
        }
        .into(),
        redacted().into(),
    ]
}

pub fn adoption() -> Vec<AdoptionEvent> {
    vec![
        PracticeAdopted {
            by: successor(),
            organisation: Some(council()),
            from: source(),
            practice: fact(1),
            note: Some("To be tried with one service first".into()),
        }
        .into(),
        PracticeAdapted {
            changed: "It is held on the first day".into(),
            following: Some(fact(2)),
            written_as: Some(own()),
        }
        .into(),
        ResultReported {
            text: "Forty people took part".into(),
            evidence: Some(Evidence::File(file())),
        }
        .into(),
        AdoptionWithdrawn {
            reason: "It is part of the induction now".into(),
        }
        .into(),
        let_out().into(),
        redacted().into(),
    ]
}
