//! What can be done: one action for each command of the domain, and one for each way of reading.
//!
//! The list is written once. A command that is added to the domain and not to this list does not compile. To redact a text is one
//! action, whatever it is that the text stands in.

use domain::{
    ActionPlanCommand, AdoptionCommand, AssessmentCommand, Command, CommitmentCommand,
    CompactCommand, GoodPracticeCommand, MeetingCommand, PersonCommand, RegionCommand,
};

/// A part of the work, with a file of policies and a table in `docs/access.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Area {
    /// Reading, and taking away.
    Reading,
    /// Releasing.
    Release,
    /// The statement of commitments.
    Statement,
    /// Figures reported against measures.
    Figures,
    /// Action plans.
    Plans,
    /// The compact and its groups.
    Compact,
    /// The region's register.
    Register,
    /// Accounts and roles.
    Roles,
    /// People's data.
    People,
    /// Meetings and their minutes.
    Meetings,
    /// Good practice, and its adoption.
    Practice,
    /// What is made of outcomes from outside.
    Assessments,
}

impl Area {
    /// Every area there is.
    pub const ALL: [Self; 12] = [
        Self::Reading,
        Self::Release,
        Self::Statement,
        Self::Figures,
        Self::Plans,
        Self::Compact,
        Self::Register,
        Self::Roles,
        Self::People,
        Self::Meetings,
        Self::Practice,
        Self::Assessments,
    ];

    /// As a heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Reading => "Reading",
            Self::Release => "Release",
            Self::Statement => "Commitments",
            Self::Figures => "Figures",
            Self::Plans => "Action plans",
            Self::Compact => "The compact and its groups",
            Self::Register => "The region's register",
            Self::Roles => "Accounts and roles",
            Self::People => "People's data",
            Self::Meetings => "Meetings",
            Self::Practice => "Good practice",
            Self::Assessments => "Assessments and challenges",
        }
    }
}

macro_rules! actions {
    (
        $(of $commands:ident { $($command:ident in $area:ident: $words:literal,)+ })+
        otherwise { $($other:ident in $other_area:ident: $other_words:literal,)+ }
    ) => {
        /// Something that can be done, or not be allowed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action {
            $($(#[doc = concat!("To ", $words, ".")] $command,)+)+
            $(#[doc = concat!("To ", $other_words, ".")] $other,)+
        }

        impl Action {
            /// Every action there is.
            pub const ALL: &'static [Self] = &[$($(Self::$command,)+)+ $(Self::$other,)+];

            /// Its name in the policies; that of its command, where it has one.
            pub const fn name(self) -> &'static str {
                match self {
                    $($(Self::$command => stringify!($command),)+)+
                    $(Self::$other => stringify!($other),)+
                }
            }

            /// What it is, as the end of "may …".
            pub const fn words(self) -> &'static str {
                match self {
                    $($(Self::$command => $words,)+)+
                    $(Self::$other => $other_words,)+
                }
            }

            /// The part of the work it belongs to.
            pub const fn area(self) -> Area {
                match self {
                    $($(Self::$command => Area::$area,)+)+
                    $(Self::$other => Area::$other_area,)+
                }
            }
        }

        $(impl From<&$commands> for Action {
            fn from(command: &$commands) -> Self {
                match command {
                    $($commands::$command { .. } => Self::$command,)+
                    $commands::RedactText { .. } => Self::RedactText,
                }
            }
        })+
    };
}

actions! {
    of RegionCommand {
        EstablishRegion in Register: "begin the region's record",
        SetChallenge in Register: "write down the challenge to public employers",
        AddTheme in Register: "add a theme",
        RenameTheme in Register: "rename a theme",
        DefineIndicator in Register: "define an indicator",
        CorrectIndicator in Register: "correct an indicator",
        RegisterOrganisation in Register: "register an organisation",
        RenameOrganisation in Register: "rename an organisation",
        RecategoriseOrganisation in Register: "move an organisation to another category",
        OpenCompact in Register: "open a compact",
        GrantRole in Roles: "give someone a role",
        EndRole in Roles: "take a role away",
    }
    of CompactCommand {
        EstablishCompact in Register: "begin a compact's record when it is opened",
        SucceedCompact in Register: "record which compact carries on",
        RenameCompact in Compact: "rename the compact",
        CorrectCompact in Compact: "correct the compact's area and dates",
        FormGroup in Compact: "form a group",
        RenameGroup in Compact: "rename a group",
        AppointChair in Compact: "appoint a group's chair",
        WindUpGroup in Compact: "wind a group up",
        EnterCommitment in Statement: "enter a proposed commitment under its ref",
        RelabelCommitment in Statement: "enter a commitment's new ref",
        EnterActionPlan in Plans: "enter a group's new plan",
        EnterAdoption in Practice: "enter what is taken up",
        EndAdoption in Practice: "enter that what was taken up is given up",
    }
    of CommitmentCommand {
        ProposeCommitment in Statement: "propose a commitment",
        AgreeCommitment in Statement: "record that a commitment was agreed",
        StartCommitment in Statement: "record that work on a commitment began",
        RewordCommitment in Statement: "change a commitment's words",
        RenumberCommitment in Statement: "change a commitment's ref",
        ReclassifyCommitment in Statement: "change a commitment's aims, themes and groups",
        ChangeDueDate in Statement: "change a commitment's due date",
        AddMeasure in Statement: "add an impact measure",
        SetBaseline in Statement: "set a measure's baseline",
        ChangeTarget in Statement: "change a measure's target",
        ChangeMeasureDueDate in Statement: "change a measure's due date",
        WithdrawMeasure in Statement: "withdraw a measure",
        RecordReading in Figures: "report a figure",
        CorrectReading in Figures: "correct a figure",
        WithdrawReading in Figures: "withdraw a figure",
        AttachEvidence in Figures: "attach evidence to a figure or a report",
        WithdrawEvidence in Figures: "take evidence back",
        ReportAchievement in Statement: "report what was achieved",
        CorrectAchievement in Statement: "correct a report of what was achieved",
        WithdrawAchievement in Statement: "take a report of what was achieved back",
        ConcludeCommitment in Statement: "conclude a commitment",
        CarryForward in Statement: "carry a commitment forward",
        WithdrawCommitment in Statement: "withdraw a commitment",
        ReopenCommitment in Statement: "reopen a commitment",
        ReleaseCommitment in Release: "release a commitment, or take it back",
    }
    of ActionPlanCommand {
        SetActionPlan in Plans: "set a group's plan up",
        RetitleActionPlan in Plans: "change a plan's title",
        AddObjective in Plans: "add an objective",
        RewordObjective in Plans: "change an objective's words",
        RenumberObjective in Plans: "change an objective's ref",
        LinkObjective in Plans: "tie an objective to a commitment",
        RecordUpdate in Plans: "record an update, and the changes it carries",
        CorrectUpdate in Plans: "correct an update",
        WithdrawUpdate in Plans: "take an update back",
        MakeChange in Plans: "record a change to an action between meetings",
        ReleaseActionPlan in Release: "release a plan, or take it back",
    }
    of PersonCommand {
        EnterPerson in People: "write a person down",
        CorrectPerson in People: "correct what is said of a person",
        ErasePerson in People: "erase a person",
    }
    of MeetingCommand {
        CallMeeting in Meetings: "call a meeting",
        RearrangeMeeting in Meetings: "fix or move a meeting's day, time or place",
        CancelMeeting in Meetings: "call a meeting off",
        SetAgenda in Meetings: "set a meeting's agenda",
        RecordMeeting in Meetings: "record that a meeting was held, with its minutes",
        TakeAttendance in Meetings: "take down who came to a meeting",
        CorrectMeeting in Meetings: "put right when a meeting began and where it was held",
        AddItem in Meetings: "add an item to draft minutes",
        CorrectItem in Meetings: "put an item of the minutes right",
        CirculateMinutes in Meetings: "circulate minutes",
        AgreeMinutes in Meetings: "record that minutes were agreed",
        NoteSince in Meetings: "note what happened since a meeting",
        AddPaper in Meetings: "add a paper to a meeting",
        WithdrawPaper in Meetings: "take a paper of a meeting back",
        ReleaseMeeting in Release: "release a meeting and its minutes, or take them back",
    }
    of GoodPracticeCommand {
        WritePractice in Practice: "write down a good practice",
        RevisePractice in Practice: "revise a good practice",
        WithdrawPractice in Practice: "withdraw a good practice",
        AnswerQuestion in Practice: "answer what was asked about a good practice",
        AskAboutPractice in Practice: "ask about a good practice",
        ThankForPractice in Practice: "give thanks for a good practice",
        ReleasePractice in Release: "release a good practice, or take it back",
    }
    of AdoptionCommand {
        AdoptPractice in Practice: "take up a good practice",
        AdaptPractice in Practice: "tell how what was taken up was changed",
        ReportResult in Practice: "tell how what was taken up went",
        WithdrawAdoption in Practice: "give up what was taken up",
        ReleaseAdoption in Release: "release that something was taken up, or take it back",
    }
    of AssessmentCommand {
        Assess in Assessments: "assess what was released",
        ReviseAssessment in Assessments: "revise an assessment",
        WithdrawAssessment in Assessments: "take an assessment back",
        ChallengeOutcome in Assessments: "challenge what was released",
        WithdrawChallenge in Assessments: "take a challenge back",
        AnswerChallenge in Assessments: "answer a challenge",
        ReleaseAssessment in Assessments: "release an assessment, or take it back",
        ReleaseChallenge in Assessments: "release a challenge, or take it back",
    }
    otherwise {
        ReadAssessments in Assessments: "read what is made of a commitment",
        UploadFile in Compact: "upload a file to refer to",
        ReadReminders in Reading: "see what is overdue, due soon, stale or waiting",
        ReadRegister in Reading: "read the register of organisations, themes and compacts",
        ReadRecord in Reading: "read a commitment, a plan or another record",
        ReadList in Reading: "read a list",
        ReadFigure in Reading: "read a figure",
        ReadHistory in Reading: "read the full history: every version, who changed it and when",
        ReadRegionalTotals in Reading: "read the region's totals",
        FollowLedger in Reading: "follow every new entry of a ledger",
        Export in Reading: "take a ledger away as evidence",
        ViewAs in Reading: "see the compact as others see it",
        ManageAccounts in Roles: "invite, disable and reset accounts",
        ReadRoles in Roles: "see who holds which role",
        ReadPerson in People: "read the people a compact has written down",
        RedactText in People: "black out a text",
        SubjectAccess in People: "bring together what is held about a person",
    }
}

impl Action {
    /// Whether it only reads, and takes nothing away that is more than can be read.
    pub const fn is_reading(self) -> bool {
        matches!(
            self,
            Self::ReadRegister
                | Self::ReadRecord
                | Self::ReadList
                | Self::ReadFigure
                | Self::ReadHistory
                | Self::ReadRegionalTotals
                | Self::FollowLedger
                | Self::Export
                | Self::ViewAs
                | Self::ReadRoles
                | Self::ReadPerson
                | Self::ReadAssessments
                | Self::ReadReminders
        )
    }
}

impl From<&Command> for Action {
    fn from(command: &Command) -> Self {
        match command {
            Command::Region { command, .. } => command.into(),
            Command::Compact { command, .. } => command.into(),
            Command::Commitment { command, .. } => command.into(),
            Command::ActionPlan { command, .. } => command.into(),
            Command::Person { command, .. } => command.into(),
            Command::Meeting { command, .. } => command.into(),
            Command::GoodPractice { command, .. } => command.into(),
            Command::Adoption { command, .. } => command.into(),
            Command::Assessment { command, .. } => command.into(),
        }
    }
}
