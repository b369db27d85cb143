//! A Logto tenant as a file: applications, connectors, sign-in experience.
//!
//! The keys are those of Logto's Management API, so a section of the file is the body of a request.
//! Start with [`Tenant::load`]. Nothing here uses the network.

mod application;
mod connector;
mod load;
mod sign_in_experience;

pub use application::{Application, ApplicationType, CustomClientMetadata, OidcClientMetadata};
pub use connector::{ALIYUN_SMS, Connector};
pub use load::LoadError;
pub use sign_in_experience::{
    LanguageInfo, SignIn, SignInExperience, SignInMethod, SignInMode, SignUp,
};

use serde::{Deserialize, Serialize};

/// The whole file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tenant {
    /// The clients of the provider.
    pub applications: Vec<Application>,
    /// The connectors that send verification codes.
    #[serde(default)]
    pub connectors: Vec<Connector>,
    /// How people sign in and register.
    pub sign_in_experience: SignInExperience,
}
