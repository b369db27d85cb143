//! A summary of a tenant for people. It contains no secret.

use std::fmt;
use tenant::{Application, SignInMethod, Tenant};

/// Shows a tenant without its secrets.
pub(crate) struct Summary<'a>(pub(crate) &'a Tenant);

impl fmt::Display for Summary<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenant = self.0;
        for application in &tenant.applications {
            show_application(formatter, application)?;
        }
        for connector in &tenant.connectors {
            writeln!(formatter, "connector {}", connector.connector_id)?;
        }
        let experience = &tenant.sign_in_experience;
        writeln!(formatter, "sign-in experience")?;
        line(
            formatter,
            "sign up with",
            &experience.sign_up.identifiers.join(", "),
        )?;
        for method in &experience.sign_in.methods {
            line(formatter, "sign in with", &words(method))?;
        }
        Ok(())
    }
}

fn show_application(formatter: &mut fmt::Formatter<'_>, application: &Application) -> fmt::Result {
    writeln!(formatter, "application {}", application.name)?;
    let metadata = &application.oidc_client_metadata;
    for uri in &metadata.redirect_uris {
        line(formatter, "redirect URI", uri)?;
    }
    for uri in &metadata.post_logout_redirect_uris {
        line(formatter, "post sign-out redirect URI", uri)?;
    }
    Ok(())
}

fn line(formatter: &mut fmt::Formatter<'_>, what: &str, value: &str) -> fmt::Result {
    writeln!(formatter, "  {what:<27}{value}")
}

fn words(method: &SignInMethod) -> String {
    let proofs = [
        (method.verification_code, "verification code"),
        (method.password, "password"),
    ];
    let proofs: Vec<_> = proofs
        .iter()
        .filter_map(|(serves, name)| serves.then_some(*name))
        .collect();
    format!("{} and {}", method.identifier, proofs.join(" or "))
}
