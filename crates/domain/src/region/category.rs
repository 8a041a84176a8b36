//! Categories: the parts of the public sector that representation is counted by.

use serde::{Deserialize, Serialize};

/// The part of the sector an organisation belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
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

impl Category {
    /// The category in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::LocalGovernment => "local government",
            Self::Health => "health",
            Self::LearningProvider => "learning provider",
            Self::UniformedService => "uniformed service",
            Self::OffenderService => "offender service",
            Self::EmploymentService => "employment service",
            Self::AdviceGuidance => "advice and guidance",
            Self::EconomicPartnership => "economic partnership",
            Self::FundingBody => "funding body",
            Self::Voluntary => "voluntary and community",
            Self::Other => "other",
        }
    }
}
