//! A client of Aliyun SMS (`SendSms`, version 2017-05-25) that sends verification codes, configured by the JSON that
//! Logto's connector `aliyun-short-message-service` takes. It stands alone: it knows nothing of the rest of the product.
//!
//! [`Config::from_json`] → [`Client::new`] → [`Client::send_code`]. Signatures are in [`signature`], pure.
//! With the feature `sandbox`, `sandbox` is a server that answers as Aliyun SMS does and shows the messages on a page.

mod client;
mod clock;
mod config;
mod credentials;
mod date;
mod endpoint;
mod error;
mod phone_number;
mod refusal;
mod request;
mod response;
pub mod signature;
mod template;
mod transport;

#[cfg(feature = "sandbox")]
pub mod sandbox;

pub use client::Client;
pub use clock::Clock;
pub use config::{Config, ConfigError, FieldProblem};
pub use credentials::Credentials;
pub use endpoint::{DEFAULT_ENDPOINT, Endpoint, EndpointError};
pub use error::{ClientError, SendError};
pub use phone_number::{PhoneNumber, PhoneNumberError};
pub use refusal::{LimitWindow, Refusal};
pub use response::Receipt;
pub use template::{TemplateCode, Templates, UsageType};
