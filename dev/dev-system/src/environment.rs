//! What other people's programs see of the environment: no tokens, keys or passwords of the developer.

use std::{
    env,
    ffi::{OsStr, OsString},
    process::Command,
};

/// Where npm and pip find their registry, the way to it, and the certificates on that way.
const OF_INSTALLERS: [&str; 8] = [
    "HOME",
    "NODE_EXTRA_CA_CERTS",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "TMPDIR",
    "XDG_CONFIG_HOME",
];

/// Leaves the program `PATH` and a language.
pub fn bare(command: &mut Command) -> &mut Command {
    command.env_clear().env("LANG", "C.UTF-8");
    if let Some(path) = env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}

/// The same for npm and pip, which also get their own settings.
pub fn of_installer(command: &mut Command) -> &mut Command {
    bare(command).envs(settings(env::vars_os()))
}

fn settings(
    all: impl Iterator<Item = (OsString, OsString)>,
) -> impl Iterator<Item = (OsString, OsString)> {
    all.filter(|(name, _)| is_setting(name))
}

fn is_setting(name: &OsStr) -> bool {
    let upper = name.to_string_lossy().to_uppercase();
    upper.starts_with("NPM_CONFIG_")
        || upper.starts_with("PIP_")
        || upper.ends_with("_PROXY")
        || OF_INSTALLERS.contains(&upper.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program;

    #[test]
    fn a_program_gets_a_path_and_a_language_and_no_more() {
        let names = program::output(bare(&mut Command::new("env"))).unwrap();
        let mut names: Vec<_> = names.lines().map(|line| line.split('=').next()).collect();
        names.sort_unstable();
        assert_eq!(names, [Some("LANG"), Some("PATH")]);
    }

    #[test]
    fn npm_and_pip_get_their_settings_and_no_secrets_of_other_programs() {
        for (name, is_right) in [
            ("npm_config_registry", true),
            ("PIP_INDEX_URL", true),
            ("https_proxy", true),
            ("SSL_CERT_FILE", true),
            ("GITHUB_TOKEN", false),
            ("AWS_SECRET_ACCESS_KEY", false),
            ("CARGO_REGISTRY_TOKEN", false),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", false),
            ("PYTHONPATH", false),
            ("NODE_OPTIONS", false),
        ] {
            let given = [(OsString::from(name), OsString::new())].into_iter();
            assert_eq!(settings(given).count() == 1, is_right, "{name}");
        }
    }
}
