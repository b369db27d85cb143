//! `bff doctor`: a table of checks of this machine, the store and the provider, before the first person signs in. Each
//! says what was found, and how to mend what is not right. No secret is ever in what it says.

mod facts;
mod here;
mod provider;
mod redis;

use crate::Config;
use clock::Clock;
use facts::Facts;
use std::fmt;

/// What came of one check.
#[derive(Debug, PartialEq, Eq)]
enum Finding {
    /// As it should be.
    Fine(String),
    /// It works, with less than it could or not for long.
    Warning(String, &'static str),
    /// People cannot sign in, or will not be able to.
    Wrong(String, &'static str),
}

/// A check that does not apply finds nothing.
type Check = fn(&Facts) -> Option<Finding>;

/// All checks, in the order in which a fault is best looked for.
#[rustfmt::skip]
const CHECKS: &[(&str, Check)] = &[
    ("settings", |facts| Some(here::settings(facts))),
    ("frontend", |facts| Some(here::frontend(facts))),
    ("cookie", |facts| Some(here::cookie(facts))),
    ("reverse proxy", |facts| Some(here::reverse_proxy(facts))),
    ("session store", |facts| Some(here::store(facts))),
    ("redis eviction", here::redis_eviction),
    ("redis persistence", here::redis_persistence),
    ("discovery", |facts| Some(provider::discovery(facts))),
    ("issuer", provider::issuer),
    ("endpoints", provider::endpoints),
    ("ID token algorithms", provider::algorithms),
    ("keys", provider::keys),
    ("clock", provider::clock),
    ("client id and redirect URI", provider::redirect_uri),
    ("client secret", provider::secret),
    ("refresh token", |facts| Some(provider::refresh_token(facts))),
    ("end session endpoint", provider::end_session),
    ("revocation endpoint", provider::revocation),
    ("back-channel logout", provider::back_channel_logout),
];

/// What all checks found.
#[derive(Debug)]
pub struct Report(Vec<(&'static str, Finding)>);

/// Asks the store and the provider, and judges what they say.
pub async fn run(config: Config, clock: Clock) -> Report {
    let facts = Facts::gather(config, clock).await;
    let findings = CHECKS
        .iter()
        .filter_map(|(name, check)| Some((*name, check(&facts)?)));
    Report(findings.collect())
}

impl Report {
    /// Whether nothing is wrong; there may be warnings.
    #[must_use]
    pub fn is_well(&self) -> bool {
        let mut findings = self.0.iter();
        !findings.any(|(_, finding)| matches!(finding, Finding::Wrong(..)))
    }
}

/// One line for each check.
impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, finding) in &self.0 {
            let (verdict, found, mend) = match finding {
                Finding::Fine(found) => ("ok", found, None),
                Finding::Warning(found, mend) => ("warning", found, Some(mend)),
                Finding::Wrong(found, mend) => ("wrong", found, Some(mend)),
            };
            write!(formatter, "{verdict:<8} {name}: {found}")?;
            if let Some(mend) = mend {
                write!(formatter, "; to mend it: {mend}")?;
            }
            formatter.write_str("\n")?;
        }
        Ok(())
    }
}
