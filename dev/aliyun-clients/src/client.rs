//! The clients, and how each shows an answer to the program that uses it.

use super::install::Installed;
use dev_system::environment;
use std::process::Command;

/// What a client makes an exception of.
pub(super) enum Raises {
    /// HTTP 400 and above; what `SendSms` itself says is an answer.
    ErrorsOfTheGateway,
    /// Every code but `OK`.
    EverythingButOk,
    /// The same, with a class of Logto's.
    AsLogto,
}

/// How a client signs.
#[derive(Clone, Copy)]
pub(super) enum Signs {
    V1,
    V3,
}

/// What runs a client.
enum Runtime {
    Node,
    Python,
}

/// One client.
pub(super) struct Client {
    pub(super) name: &'static str,
    pub(super) raises: Raises,
    pub(super) signs: Signs,
    runtime: Runtime,
    /// The file in `crates/connector-aliyun-sms/clients` and its arguments.
    arguments: &'static [&'static str],
}

impl Client {
    const fn new(
        name: &'static str,
        raises: Raises,
        signs: Signs,
        runtime: Runtime,
        arguments: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            raises,
            signs,
            runtime,
            arguments,
        }
    }

    pub(super) fn command(&self, installed: &Installed) -> Command {
        let program = match self.runtime {
            Runtime::Node => &installed.node,
            Runtime::Python => &installed.python,
        };
        let mut command = Command::new(program);
        command.args(self.arguments).current_dir(&installed.folder);
        // No proxy, and no secrets but those of the case.
        environment::bare(&mut command).env("HOME", &installed.home);
        command
    }
}

pub(super) const CLIENTS: &[Client] = {
    use Raises::{AsLogto, ErrorsOfTheGateway, EverythingButOk};
    use Runtime::{Node, Python};
    use Signs::{V1, V3};
    &[
        Client::new(
            "@alicloud/dysmsapi20170525 4.6.0",
            ErrorsOfTheGateway,
            V3,
            Node,
            &["dysmsapi.mjs"],
        ),
        Client::new(
            "the same, signing by V1",
            ErrorsOfTheGateway,
            V1,
            Node,
            &["dysmsapi.mjs", "v2"],
        ),
        Client::new(
            "@alicloud/pop-core 1.8.0, GET",
            EverythingButOk,
            V1,
            Node,
            &["pop-core.mjs", "GET"],
        ),
        Client::new(
            "the same, POST",
            EverythingButOk,
            V1,
            Node,
            &["pop-core.mjs", "POST"],
        ),
        Client::new(
            "@logto/connector-aliyun-sms 1.5.5",
            AsLogto,
            V1,
            Node,
            &["logto.mjs"],
        ),
        Client::new(
            "alibabacloud_dysmsapi20170525 4.6.0",
            ErrorsOfTheGateway,
            V3,
            Python,
            &["dysmsapi.py", "sync"],
        ),
        Client::new(
            "the same, asyncio",
            ErrorsOfTheGateway,
            V3,
            Python,
            &["dysmsapi.py", "async"],
        ),
        Client::new(
            "the same, signing by V1",
            ErrorsOfTheGateway,
            V1,
            Python,
            &["dysmsapi.py", "v2"],
        ),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;
    use dev_system::program;
    use std::{fs, os::unix::fs::PermissionsExt as _};

    #[test]
    fn a_client_sees_a_home_of_its_own_and_nothing_of_this_environment() {
        let folder = tempfile::tempdir().unwrap();
        let printer = folder.path().join("printer");
        fs::write(&printer, "#!/bin/sh\nexec env\n").unwrap();
        fs::set_permissions(&printer, fs::Permissions::from_mode(0o755)).unwrap();
        let installed = Installed {
            node: printer.clone(),
            python: printer,
            folder: folder.path().to_owned(),
            home: "/nowhere".into(),
        };
        for client in CLIENTS {
            let shown = program::output(&mut client.command(&installed)).unwrap();
            assert!(shown.contains("HOME=/nowhere\n"), "{shown}");
            for line in shown.lines() {
                let (name, _) = line.split_once('=').unwrap();
                // A shell sets the last four.
                let right = ["HOME", "LANG", "PATH", "PWD", "OLDPWD", "SHLVL", "_"];
                assert!(right.contains(&name), "{name}");
            }
        }
    }
}
