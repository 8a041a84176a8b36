//! Who may do what, in plain Rust: written from what each person's job is, one function for each.

use access::{Action, Grant, Matter, Resource};
use chrono::NaiveDate;
use domain::{Post, Role, Visibility};

use Action as A;

/// What kind of doing it is, as people would sort them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sort {
    /// Looking at what there is now.
    Look,
    /// Looking at how it came to be.
    LookBack,
    /// Taking a whole ledger.
    TakeAll,
    /// Seeing one's compact with others' eyes.
    OthersEyes,
    /// The register of the region, for anyone to look things up in.
    LookUp,
    /// The region's sums.
    Totals,
    /// Changing the region's register.
    Register,
    /// The first entry of a compact's ledger.
    BeginCompact,
    /// The last.
    SucceedCompact,
    /// Changing anything else of a compact.
    RunCompact,
    /// Reporting a figure.
    Figure,
    /// Uploading files.
    Upload,
    /// Seeing what is to be seen to.
    SeeTo,
    /// Recording what came up at a group's meeting.
    Meeting,
    /// Asking another compact, or thanking it.
    Ask,
    /// Giving and taking roles.
    Staff,
    /// Seeing who holds roles.
    SeeStaff,
    /// Accounts.
    Accounts,
    /// What the law asks for people.
    People,
    /// Looking people up.
    LookUpPeople,
    /// Writing people down.
    KeepPeople,
    /// Saying what one makes of a report, as who pays.
    Assess,
    /// Doubting a report, as who is independent.
    Challenge,
    /// Answering a doubt, as who is doubted.
    Answer,
    /// Reading what is made of a report.
    LookAtJudgements,
}

#[expect(clippy::too_many_lines, reason = "each action is named")]
fn sort(action: Action) -> Sort {
    match action {
        A::ReadRecord | A::ReadList | A::ReadFigure => Sort::Look,
        A::ReadHistory => Sort::LookBack,
        A::FollowLedger | A::Export => Sort::TakeAll,
        A::ViewAs => Sort::OthersEyes,
        A::ReadRegister => Sort::LookUp,
        A::ReadRegionalTotals => Sort::Totals,
        A::EstablishRegion
        | A::SetChallenge
        | A::AddTheme
        | A::RenameTheme
        | A::DefineIndicator
        | A::CorrectIndicator
        | A::RegisterOrganisation
        | A::RenameOrganisation
        | A::RecategoriseOrganisation
        | A::OpenCompact => Sort::Register,
        A::EstablishCompact => Sort::BeginCompact,
        A::SucceedCompact => Sort::SucceedCompact,
        A::RenameCompact
        | A::CorrectCompact
        | A::FormGroup
        | A::RenameGroup
        | A::AppointChair
        | A::WindUpGroup
        | A::EnterCommitment
        | A::RelabelCommitment
        | A::EnterActionPlan
        | A::EnterAdoption
        | A::EndAdoption
        | A::ProposeCommitment
        | A::AgreeCommitment
        | A::StartCommitment
        | A::RewordCommitment
        | A::RenumberCommitment
        | A::ReclassifyCommitment
        | A::ChangeDueDate
        | A::AddMeasure
        | A::SetBaseline
        | A::ChangeTarget
        | A::ChangeMeasureDueDate
        | A::WithdrawMeasure
        | A::ReportAchievement
        | A::CorrectAchievement
        | A::WithdrawAchievement
        | A::ConcludeCommitment
        | A::CarryForward
        | A::WithdrawCommitment
        | A::ReopenCommitment
        | A::SetActionPlan
        | A::RetitleActionPlan
        | A::AddObjective
        | A::RewordObjective
        | A::RenumberObjective
        | A::LinkObjective
        | A::ReleaseCommitment
        | A::ReleaseActionPlan
        | A::ReleaseMeeting
        | A::ReleasePractice
        | A::ReleaseAdoption
        | A::WritePractice
        | A::RevisePractice
        | A::WithdrawPractice
        | A::AnswerQuestion
        | A::AdoptPractice
        | A::AdaptPractice
        | A::ReportResult
        | A::WithdrawAdoption => Sort::RunCompact,
        A::AskAboutPractice | A::ThankForPractice => Sort::Ask,
        A::RecordReading
        | A::CorrectReading
        | A::WithdrawReading
        | A::AttachEvidence
        | A::WithdrawEvidence => Sort::Figure,
        A::RecordUpdate
        | A::CorrectUpdate
        | A::WithdrawUpdate
        | A::MakeChange
        | A::CallMeeting
        | A::RearrangeMeeting
        | A::CancelMeeting
        | A::SetAgenda
        | A::RecordMeeting
        | A::TakeAttendance
        | A::CorrectMeeting
        | A::AddItem
        | A::CorrectItem
        | A::CirculateMinutes
        | A::AgreeMinutes
        | A::NoteSince
        | A::AddPaper
        | A::WithdrawPaper => Sort::Meeting,
        A::UploadFile => Sort::Upload,
        A::ReadReminders => Sort::SeeTo,
        A::GrantRole | A::EndRole => Sort::Staff,
        A::ReadRoles => Sort::SeeStaff,
        A::ManageAccounts => Sort::Accounts,
        A::ErasePerson | A::RedactText | A::SubjectAccess => Sort::People,
        A::ReadPerson => Sort::LookUpPeople,
        A::EnterPerson | A::CorrectPerson => Sort::KeepPeople,
        A::Assess | A::ReviseAssessment | A::WithdrawAssessment | A::ReleaseAssessment => {
            Sort::Assess
        }
        A::ChallengeOutcome | A::WithdrawChallenge | A::ReleaseChallenge => Sort::Challenge,
        A::AnswerChallenge => Sort::Answer,
        A::ReadAssessments => Sort::LookAtJudgements,
    }
}

/// Whether such a thing is done to such a thing at all.
pub fn makes_sense(action: Action, resource: &Resource) -> bool {
    match sort(action) {
        Sort::Look
        | Sort::OthersEyes
        | Sort::BeginCompact
        | Sort::SucceedCompact
        | Sort::RunCompact
        | Sort::Figure
        | Sort::Meeting
        | Sort::Ask
        | Sort::Upload
        | Sort::SeeTo
        | Sort::LookUpPeople
        | Sort::KeepPeople
        | Sort::Assess
        | Sort::Challenge
        | Sort::Answer
        | Sort::LookAtJudgements => matches!(resource, Resource::Matter(_)),
        Sort::LookUp | Sort::Totals | Sort::Register | Sort::Accounts => {
            matches!(resource, Resource::Region(_))
        }
        Sort::Staff | Sort::SeeStaff => matches!(resource, Resource::Appointment { .. }),
        Sort::LookBack | Sort::TakeAll | Sort::People => {
            !matches!(resource, Resource::Appointment { .. })
        }
    }
}

/// Whether someone with these grants may do it on `today`.
pub fn may(grants: &[Grant], today: NaiveDate, action: Action, resource: &Resource) -> bool {
    let sort = sort(action);
    let counts = |grant: &&Grant| {
        let over = grant.until.is_some_and(|until| until < today);
        grant.from <= today && !over
    };
    makes_sense(action, resource)
        && (anyone(sort, resource)
            || grants
                .iter()
                .filter(counts)
                .any(|grant| holder(grant, sort, resource)))
}

/// The public reads what is published, and can look names up.
fn anyone(sort: Sort, resource: &Resource) -> bool {
    match resource {
        Resource::Matter(matter) => sort == Sort::Look && matter.visibility == Visibility::Public,
        Resource::Region(_) => sort == Sort::LookUp,
        Resource::Appointment { .. } => false,
    }
}

fn holder(grant: &Grant, sort: Sort, resource: &Resource) -> bool {
    let region = match resource {
        Resource::Region(region) | Resource::Appointment { region, .. } => *region,
        Resource::Matter(matter) => matter.region,
    };
    // No role reaches beyond the region that gave it.
    region == grant.region
        && match grant.post {
            Post::RegionalAdministrator => administrator(sort, resource),
            Post::Funder => funder(sort, resource),
            Post::Auditor { .. } => auditor(grant, sort, resource),
            Post::Secretariat { .. } => secretariat(grant, sort, resource),
            Post::GroupLead { .. } => lead(grant, sort, resource),
            Post::MemberRepresentative { .. } => representative(grant, sort, resource),
        }
}

fn is_released(matter: &Matter) -> bool {
    matches!(matter.visibility, Visibility::Region | Visibility::Public)
}

fn is_draft(matter: &Matter) -> bool {
    matter.visibility == Visibility::Draft
}

/// Keeps the region's ledger, its accounts and roles; in compacts reads what is released, and begins and ends them.
fn administrator(sort: Sort, resource: &Resource) -> bool {
    match resource {
        Resource::Region(_) => sort != Sort::LookUp,
        Resource::Appointment { .. } => true,
        Resource::Matter(matter) => match sort {
            Sort::Look | Sort::Challenge | Sort::LookAtJudgements => is_released(matter),
            Sort::BeginCompact | Sort::SucceedCompact => true,
            _ => false,
        },
    }
}

/// Reads what is released, in all compacts of the region, and the totals, and says what it makes of it. Changes nothing in a compact.
fn funder(sort: Sort, resource: &Resource) -> bool {
    match resource {
        Resource::Region(_) => sort == Sort::Totals,
        Resource::Appointment { .. } => false,
        Resource::Matter(matter) => {
            matches!(sort, Sort::Look | Sort::Assess | Sort::LookAtJudgements)
                && is_released(matter)
        }
    }
}

/// Reads everything in what it was granted, and doubts what is released of it. Changes nothing in a compact.
fn auditor(grant: &Grant, sort: Sort, resource: &Resource) -> bool {
    let whole_region = grant.post.compact().is_none();
    match resource {
        Resource::Region(_) => {
            whole_region && matches!(sort, Sort::LookBack | Sort::TakeAll | Sort::Totals)
        }
        Resource::Appointment { post, .. } => {
            sort == Sort::SeeStaff && (whole_region || post.compact() == grant.post.compact())
        }
        Resource::Matter(matter) => {
            let looks = matches!(
                sort,
                Sort::Look | Sort::LookBack | Sort::TakeAll | Sort::LookAtJudgements
            );
            (looks || sort == Sort::Challenge && is_released(matter))
                && (whole_region || grant.post.compact() == Some(matter.compact))
        }
    }
}

/// Runs everything in its compact, and staffs its groups and members. Elsewhere one among the region's compacts.
fn secretariat(grant: &Grant, sort: Sort, resource: &Resource) -> bool {
    match resource {
        Resource::Region(_) => sort == Sort::Totals,
        Resource::Appointment { post, .. } if post.compact() == grant.post.compact() => {
            let below = matches!(post.role(), Role::GroupLead | Role::MemberRepresentative);
            sort == Sort::SeeStaff || below
        }
        Resource::Appointment { .. } => false,
        Resource::Matter(matter) if Some(matter.compact) == grant.post.compact() => !matches!(
            sort,
            Sort::BeginCompact | Sort::Ask | Sort::Assess | Sort::Challenge
        ),
        Resource::Matter(matter) if sort == Sort::Ask => {
            matter.asking == grant.post.compact() && is_released(matter)
        }
        Resource::Matter(matter) => sort == Sort::Look && is_released(matter),
    }
}

/// Reads its compact, and its own groups' drafts; records for its own groups.
fn lead(grant: &Grant, sort: Sort, resource: &Resource) -> bool {
    let Resource::Matter(matter) = resource else {
        return member(grant, sort, resource);
    };
    let its_group = Some(matter.compact) == grant.post.compact()
        && grant
            .post
            .group()
            .is_some_and(|group| matter.groups.contains(&group));
    match sort {
        Sort::Look | Sort::LookBack if its_group => true,
        Sort::Meeting | Sort::SeeTo => its_group,
        _ => member(grant, sort, resource),
    }
}

/// Reads its compact, drafts excepted; reports its own organisation's figures.
fn representative(grant: &Grant, sort: Sort, resource: &Resource) -> bool {
    match resource {
        Resource::Matter(matter) if sort == Sort::Figure => {
            Some(matter.compact) == grant.post.compact()
                && matter.organisation == grant.post.organisation()
                && !is_draft(matter)
        }
        _ => member(grant, sort, resource),
    }
}

/// What everyone does who works in a compact and is not its secretariat.
fn member(grant: &Grant, sort: Sort, resource: &Resource) -> bool {
    match resource {
        Resource::Region(_) => sort == Sort::Totals,
        Resource::Appointment { .. } => false,
        Resource::Matter(matter) if Some(matter.compact) == grant.post.compact() => {
            matches!(sort, Sort::LookUpPeople | Sort::Upload)
                || matches!(sort, Sort::Look | Sort::LookBack) && !is_draft(matter)
        }
        Resource::Matter(matter) => sort == Sort::Look && is_released(matter),
    }
}
