//! Settings of a program, read from the environment. A program has a table of [`Setting`]s, and a [`Reader`] collects
//! everything that is missing or wrong, so that one run names all errors. No error repeats a value: it may be a secret.

pub mod parse;

use parse::Parsed;
use std::{env, fs};

/// One setting of a program.
pub struct Setting {
    /// The environment variable. `<NAME>_FILE` may name a file that holds the value instead.
    pub name: &'static str,
    /// The value if it is not set.
    pub default: WhenUnset,
    /// One sentence for the operator.
    pub meaning: &'static str,
}

/// The value of a setting that is not set.
pub enum WhenUnset {
    /// It must be set. The text is an example that works in a local run, or empty for a secret.
    Required(&'static str),
    /// This value.
    Value(&'static str),
    /// The program does without it, or derives it from others.
    Absent,
}

/// The lines of an `.env.example`: every setting, its default, one sentence.
#[must_use]
pub fn env_example(settings: &[Setting]) -> String {
    let mut text = String::new();
    for Setting {
        name,
        default,
        meaning,
    } in settings
    {
        let line = match default {
            WhenUnset::Required(example) => format!("{name}={example}"),
            WhenUnset::Value(value) if value.contains(' ') => format!("# {name}=\"{value}\""),
            WhenUnset::Value(value) => format!("# {name}={value}"),
            WhenUnset::Absent => format!("# {name}="),
        };
        text.extend(["\n# ", meaning, "\n", &line, "\n"]);
    }
    text
}

/// A setting that is missing or wrong. The text names the setting and never its value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} {reason}")]
pub struct SettingError {
    name: &'static str,
    reason: String,
}

/// All settings that are missing or wrong, one on each line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The file `.env` of the current folder.
    #[error(
        ".env cannot be read: each line is NAME=value, and a value with spaces stands in quotes"
    )]
    DotEnv,
    /// Values of settings.
    #[error("{}", lines(.0))]
    Settings(Vec<SettingError>),
}

fn lines(errors: &[SettingError]) -> String {
    let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// The variables of the process, and of the file `.env` of the current folder if there is one. Each lookup returns a
/// variable's value. The process's own variables come first.
///
/// # Errors
/// When there is an `.env` that cannot be read.
pub fn environment() -> Result<impl Fn(&str) -> Option<String>, Error> {
    match dotenvy::from_path(".env") {
        // The library's error repeats the line, which may hold a secret.
        Err(error) if !error.not_found() => Err(Error::DotEnv),
        // Invalid UTF-8 becomes a text that no setting accepts, rather than unset.
        _ => Ok(|name: &str| Some(env::var_os(name)?.to_string_lossy().into_owned())),
    }
}

/// A setting was refused; the [`Reader`] has the reason.
#[derive(Clone, Copy, Debug)]
pub struct Refused;

/// Reads settings one by one, and collects what is wrong with them.
pub struct Reader<'a> {
    settings: &'a [Setting],
    variable: &'a dyn Fn(&str) -> Option<String>,
    errors: Vec<SettingError>,
}

/// Reads the settings of a table with `read`. `variable` returns the value of an environment variable.
///
/// # Errors
/// All settings that were refused.
pub fn read<T>(
    settings: &[Setting],
    variable: impl Fn(&str) -> Option<String>,
    read: impl FnOnce(&mut Reader<'_>) -> Result<T, Refused>,
) -> Result<T, Error> {
    let mut reader = Reader {
        settings,
        variable: &variable,
        errors: Vec::new(),
    };
    read(&mut reader).map_err(|Refused| Error::Settings(reader.errors))
}

impl Reader<'_> {
    /// A setting that must be set, or has a default.
    ///
    /// # Errors
    /// When it is missing or wrong.
    pub fn required<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Parsed<T>,
    ) -> Result<T, Refused> {
        let value = self.optional(name, parse)?;
        value.ok_or_else(|| self.refuse(name, "is not set"))
    }

    /// A setting that may be absent.
    ///
    /// # Errors
    /// When it is wrong.
    pub fn optional<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Parsed<T>,
    ) -> Result<Option<T>, Refused> {
        let parsed = self.text(name)?.map(|text| parse(&text)).transpose();
        parsed.map_err(|reason| self.refuse(name, reason))
    }

    /// Refuses a setting for a reason that its own text does not show, e.g. because another one needs it.
    pub fn refuse(&mut self, name: &'static str, reason: impl Into<String>) -> Refused {
        let reason = reason.into();
        self.errors.push(SettingError { name, reason });
        Refused
    }

    /// The variable, else the content of the file that `<NAME>_FILE` names, else the default. An empty variable is a value
    /// for a setting with a default, and unset for the others.
    fn text(&mut self, name: &'static str) -> Result<Option<String>, Refused> {
        let setting = self.settings.iter().find(|setting| setting.name == name);
        let default = setting.and_then(|setting| match setting.default {
            WhenUnset::Value(value) => Some(value.to_owned()),
            WhenUnset::Required(_) | WhenUnset::Absent => None,
        });
        match (self.variable)(name) {
            Some(text) if !text.is_empty() || default.is_some() => Ok(Some(text)),
            _ => Ok(self.file(name)?.or(default)),
        }
    }

    fn file(&mut self, name: &'static str) -> Result<Option<String>, Refused> {
        let Some(path) = (self.variable)(&format!("{name}_FILE")) else {
            return Ok(None);
        };
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned())),
            Err(error) => Err(self.refuse(name, format!("cannot be read from {path}: {error}"))),
        }
    }
}

/// Builds a struct out of fields that are `Result<_, Refused>`. All fields are evaluated before the first error returns, so
/// that a [`Reader`] has seen every setting.
#[macro_export]
macro_rules! all {
    ($type:ident { $($field:ident: $value:expr),+ $(,)? }) => {{
        $(let $field = $value;)+
        Ok($type { $($field: $field?),+ })
    }};
}

#[cfg(test)]
mod tests;
