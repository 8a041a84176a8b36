//! Enumerations: the domain's words with a closed list of meanings.

use async_graphql::Enum;

/// The part of the public sector an organisation belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::region::Category")]
pub enum Category {
    /// Councils.
    LocalGovernment,
    /// Health trusts.
    Health,
    /// Colleges, universities and other providers of learning.
    LearningProvider,
    /// Police, fire and ambulance services.
    UniformedService,
    /// Prisons and probation.
    OffenderService,
    /// Job centres.
    EmploymentService,
    /// Careers advice and guidance.
    AdviceGuidance,
    /// Economic partnerships and chambers of commerce.
    EconomicPartnership,
    /// Bodies that fund learning and skills.
    FundingBody,
    /// Voluntary and community organisations.
    Voluntary,
    /// None of these.
    Other,
}

/// What someone is in a region or a compact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Role")]
pub enum Role {
    /// Keeps the region's register, opens compacts, gives roles.
    RegionalAdministrator,
    /// Pays, and reads what compacts have released.
    Funder,
    /// Reads everything in what was opened to it, and changes nothing.
    Auditor,
    /// Runs a compact.
    Secretariat,
    /// Leads a group of a compact.
    GroupLead,
    /// Speaks for an organisation in a compact.
    MemberRepresentative,
}

/// How somebody attended a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::meeting::Attending")]
pub enum Attending {
    /// The representative came.
    Present,
    /// A deputy came.
    Deputy,
    /// Apologies were sent.
    Apologies,
    /// Somebody came who does not represent a member.
    InAttendance,
}

/// How far the minutes of a meeting have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::meeting::Minutes")]
pub enum MinutesState {
    /// They are being written.
    Draft,
    /// They were sent round.
    Circulated,
    /// They were agreed as a true record.
    Agreed,
}

/// What kind of group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::compact::GroupKind")]
pub enum GroupKind {
    /// Decides for the compact.
    Steering,
    /// Standing, around a theme.
    Theme,
    /// Standing, a network.
    Network,
    /// Until its task is done.
    Task,
    /// Set up for a short while.
    ShortLife,
}

/// Where a commitment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "CommitmentStatus", remote = "domain::commitment::Status")]
pub enum Status {
    /// Written down, not yet agreed.
    Draft,
    /// Agreed by the compact.
    Agreed,
    /// Being worked on.
    InProgress,
    /// Done.
    Achieved,
    /// Done in part.
    PartlyAchieved,
    /// Not done.
    NotAchieved,
    /// Goes on in a later session.
    CarriedForward,
    /// Taken back.
    Withdrawn,
}

/// How a report puts what has come of a commitment so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::commitment::Standing")]
pub enum Standing {
    /// Still on the agenda.
    OnAgenda,
    /// Under way.
    InProgress,
    /// Well under way.
    GoodProgress,
    /// Done.
    Achieved,
    /// Done in part.
    PartlyAchieved,
    /// Not done.
    NotAchieved,
}

/// How a commitment ends on its own ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::commitment::Conclusion")]
pub enum Conclusion {
    /// Done.
    Achieved,
    /// Done in part.
    PartlyAchieved,
    /// Not done.
    NotAchieved,
}

/// How a measure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::figure::MeasureKind")]
pub enum MeasureKind {
    /// So many more, through the compact's work, than there would have been.
    Additional,
    /// So many in all.
    Total,
    /// So many more than were counted on the baseline date.
    IncreaseOnBaseline,
    /// Reached (1) or not yet (0).
    Milestone,
    /// Told in words; it has no target and takes no figures.
    Narrative,
}

/// How far something is let out. Each step lets everyone read it who could before, and more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Visibility")]
pub enum Visibility {
    /// Being written: its secretariat's, and the leads' of the groups it belongs to.
    Draft,
    /// The compact's: everyone's who works in it.
    Compact,
    /// The region's: its funder, its administrators and its other compacts read it too.
    Region,
    /// Published: everyone reads it, signed in or not.
    Public,
}
