//! Other people's halves of OpenID Connect, from npm at pinned versions: Logto's SDKs sign in at the embedded provider, and
//! the bff signs in at `oidc-provider`, the certified engine inside Logto. Both run unchanged, as processes.

mod browser;
mod engine;
mod install;
mod sdks;
mod servers;

use anyhow::Result;
use dev_system::step::step;
use servers::Servers;

/// Installs the packages, starts the servers, and lets each pair go through its story. The servers are built already.
///
/// # Errors
/// When something cannot be installed or started, or a story does not end as at a Logto; the text names it.
pub async fn run() -> Result<()> {
    let installed = step("Packages of npm", install::install)?;
    let servers = Servers::start(&installed)?;
    sdks::try_all(&servers).await?;
    engine::try_bff(&servers).await
}
