//! A client of Aliyun SMS (`SendSms`, version 2017-05-25) that sends verification codes. Its configuration is the JSON
//! of Logto's connector `aliyun-short-message-service`. It does not depend on the rest of the product.
//!
//! ```no_run
//! use connector_aliyun_sms::{Client, Config, UsageType};
//! use std::{error::Error, iter::successors};
//!
//! # async fn send() -> Result<(), Box<dyn Error>> {
//! let json = serde_json::from_str(&std::fs::read_to_string("aliyun-sms.json")?)?;
//! let config = Config::from_json_and_environment(json, |name| std::env::var(name).ok())?;
//! let client = Client::new(config)?;
//! match client.send_code(&"+8613800138000".parse()?, UsageType::SignIn, "271828").await {
//!     Ok(receipt) => println!("taken as request {}", receipt.request_id),
//!     Err(error) => {
//!         eprintln!("{error}. {}", error.advice());
//!         for cause in successors(error.source(), |&cause| cause.source()) {
//!             eprintln!("  because: {cause}");
//!         }
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`Config`] documents the JSON and reports all its problems at once. [`SendError`] and [`Refusal`] are closed lists
//! of errors. Their messages contain no number, code or secret. Numbers are E.164, so a number of the United States is
//! never mistaken for a Chinese one. [`signature`] has both signatures as pure functions.
//!
//! With the feature `typed-numbers`, `PhoneNumber::from_typed` reads a number as a person types it.
//!
//! With the feature `sandbox`, `sandbox` is a server that simulates Aliyun SMS and shows the messages on a page.

mod client;
mod clock;
mod config;
mod credentials;
mod date;
mod endpoint;
mod error;
mod phone_number;
#[cfg(all(feature = "sandbox", any(test, fuzzing)))]
pub mod properties;
mod refusal;
mod request;
mod response;
pub mod signature;
mod template;
mod transport;
mod value;

#[cfg(feature = "sandbox")]
pub mod sandbox;

pub use client::Client;
pub use clock::Clock;
pub use config::{Config, ConfigError, FieldProblem};
pub use credentials::Credentials;
pub use endpoint::{DEFAULT_ENDPOINT, Endpoint, EndpointError};
pub use error::{ClientError, SendError};
pub use phone_number::{PhoneNumber, PhoneNumberError};
#[cfg(feature = "typed-numbers")]
pub use phone_number::{region::PhoneRegion, typed::TypedNumberError};
pub use refusal::{LimitWindow, Refusal};
pub use response::Receipt;
pub use signature::SignatureVersion;
pub use template::{TemplateCode, Templates, UsageType};
