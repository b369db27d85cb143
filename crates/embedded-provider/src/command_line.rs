//! The flags of the program.

use clap::Parser;
use http_server::ListenAddress;
use std::path::PathBuf;
use url::Url;

/// A Logto-compatible OpenID Provider for development, demos and tests.
#[derive(Parser)]
#[command(version, args_override_self = true)]
pub(crate) struct CommandLine {
    /// The address to listen on
    #[arg(long, default_value = "localhost:3001")]
    pub(crate) listen: ListenAddress,
    /// Where browsers and clients reach the provider [default: localhost, with the port of --listen]
    #[arg(long)]
    endpoint: Option<Url>,
    /// Where to listen for the administration: tokens for the Management API, and the API [default: nowhere]
    #[arg(long)]
    pub(crate) admin_listen: Option<ListenAddress>,
    /// A tenant that is put into the database: applications, connector, sign-in experience [default: none, the tenant is
    /// what the database has]
    #[arg(long)]
    pub(crate) tenant: Option<PathBuf>,
    /// The database; it and its folder are made when they are missing
    #[arg(long, default_value = ".data/provider.sqlite")]
    pub(crate) data: PathBuf,
    /// Where the Aliyun SMS connector sends its requests [default: what the tenant says, else Aliyun's address]
    #[arg(long)]
    pub(crate) sms_endpoint: Option<Url>,
    /// Listen beyond this machine, although this provider is for development
    #[arg(long)]
    pub(crate) allow_non_loopback: bool,
}

impl CommandLine {
    /// The endpoint that was given, or the one that follows from the port.
    pub(crate) fn endpoint(&self, port: u16) -> Result<Url, url::ParseError> {
        match &self.endpoint {
            Some(endpoint) => Ok(endpoint.clone()),
            None => local(port),
        }
    }
}

/// The address of a port of this machine.
pub(crate) fn local(port: u16) -> Result<Url, url::ParseError> {
    Url::parse(&format!("http://localhost:{port}"))
}
