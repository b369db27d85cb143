//! The parameters of a request, from a query or a form. Each may occur once, and an empty one counts as absent (RFC
//! 6749, section 3.1).

use crate::domain::oidc_error::OidcError;

/// Decoded parameters, in the order of the request.
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Decodes `application/x-www-form-urlencoded`.
    pub(crate) fn parse(text: &str) -> Self {
        Self(
            url::form_urlencoded::parse(text.as_bytes())
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        )
    }

    /// The value of an optional parameter.
    pub(crate) fn optional(&self, name: &'static str) -> Result<Option<&str>, OidcError> {
        let mut values = self.0.iter().filter(|(known, _)| known == name);
        let value = values.next().map(|(_, value)| value.as_str());
        match values.next() {
            None => Ok(value),
            Some(_) => Err(OidcError::invalid_request(format!(
                "'{name}' parameter must not be provided twice"
            ))),
        }
    }

    /// The value of a required parameter.
    pub(crate) fn required(&self, name: &'static str) -> Result<&str, OidcError> {
        self.optional(name)?.ok_or_else(|| {
            OidcError::invalid_request(format!("missing required parameter '{name}'"))
        })
    }

    /// The parameters of a pushed request as text: with the client's id and without its other credentials (RFC 9126,
    /// section 2.1).
    pub(crate) fn as_pushed_by(&self, client_id: &str) -> String {
        let credentials = [
            "client_id",
            "client_secret",
            "client_assertion",
            "client_assertion_type",
        ];
        let rest = self
            .0
            .iter()
            .filter(|(name, _)| !credentials.contains(&name.as_str()));
        url::form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", client_id)
            .extend_pairs(rest)
            .finish()
    }

    /// All parameters but one, encoded.
    pub(crate) fn without(&self, name: &str) -> String {
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(self.0.iter().filter(|(known, _)| known != name))
            .finish()
    }

    /// Whether the parameter occurs at least once.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// The first parameter that occurs twice.
    pub(crate) fn refuse_repeated(&self, names: &[&'static str]) -> Result<(), OidcError> {
        names
            .iter()
            .try_for_each(|name| self.optional(name).map(drop))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_read_once_decoded_and_never_empty() {
        let parameters = Parameters::parse("a=1%202+3&empty=&twice=x&twice=y");
        assert_eq!(parameters.optional("a"), Ok(Some("1 2 3")));
        assert_eq!(parameters.optional("empty"), Ok(None));
        assert_eq!(parameters.optional("absent"), Ok(None));
        assert_eq!(
            parameters.optional("twice"),
            Err(OidcError::invalid_request(
                "'twice' parameter must not be provided twice"
            ))
        );
        assert_eq!(
            parameters.required("absent"),
            Err(OidcError::invalid_request(
                "missing required parameter 'absent'"
            ))
        );
    }
}
