//! What types cannot express, and Logto refuses for sure: wrong addresses, names twice, references to nothing, ways to sign in
//! that contradict each other.

use crate::{
    ACCOUNT_FIELDS, Application, ApplicationType, ConnectorType, LoadError, ResourceScopes,
    RoleType, SignInExperience, Tenant,
    resource::{MANAGEMENT_SCOPE, is_management_api},
};
use std::collections::BTreeSet;
use url::Url;

impl Tenant {
    /// Checks what types cannot express. [`Tenant::load`] has done it.
    ///
    /// # Errors
    /// When Logto would refuse the tenant. The error names the key.
    pub fn check(&self) -> Result<(), LoadError> {
        for (index, application) in self.applications.iter().enumerate() {
            check_application(application, &format!("applications.{index}"))?;
        }
        self.check_unique_ids()?;
        self.check_unique_names()?;
        self.check_connectors()?;
        check_ways_in(&self.sign_in_experience)?;
        for (index, resource) in self.resources.iter().enumerate() {
            for (position, scope) in resource.scopes.iter().enumerate() {
                if scope.name.is_empty() || scope.name.contains(' ') {
                    let key = format!("resources.{index}.scopes.{position}.name");
                    return Err(LoadError::wrong(
                        key,
                        "must be without spaces, e.g. read:books",
                    ));
                }
            }
        }
        self.check_roles()?;
        self.check_organizations()?;
        for (index, hook) in self.hooks.iter().enumerate() {
            if hook.events.is_empty() {
                let key = format!("hooks.{index}.events");
                return Err(LoadError::wrong(
                    key,
                    "needs at least one event, e.g. User.Deleted",
                ));
            }
            check_web_uri(&hook.config.url, &format!("hooks.{index}.config.url"))?;
        }
        self.check_account_center()
    }

    fn check_unique_ids(&self) -> Result<(), LoadError> {
        let mut seen = BTreeSet::new();
        for (index, application) in self.applications.iter().enumerate() {
            if let Some(id) = &application.id
                && !seen.insert(id)
            {
                let key = format!("applications.{index}.id");
                return Err(LoadError::wrong(
                    key,
                    "another application has this id already",
                ));
            }
        }
        Ok(())
    }

    /// `provision-logto` finds objects by their names.
    fn check_unique_names(&self) -> Result<(), LoadError> {
        unique(
            "applications",
            "name",
            self.applications.iter().map(|each| &each.name),
        )?;
        unique(
            "connectors",
            "connectorId",
            self.connectors.iter().map(|each| &each.connector_id),
        )?;
        unique(
            "resources",
            "indicator",
            self.resources.iter().map(|each| &each.indicator),
        )?;
        for (index, resource) in self.resources.iter().enumerate() {
            let names = resource.scopes.iter().map(|each| &each.name);
            unique(&format!("resources.{index}.scopes"), "name", names)?;
        }
        unique("roles", "name", self.roles.iter().map(|each| &each.name))?;
        let scopes = self.organization_scopes.iter().map(|each| &each.name);
        unique("organizationScopes", "name", scopes)?;
        let roles = self.organization_roles.iter().map(|each| &each.name);
        unique("organizationRoles", "name", roles)?;
        unique(
            "organizations",
            "name",
            self.organizations.iter().map(|each| &each.name),
        )?;
        unique("hooks", "name", self.hooks.iter().map(|each| &each.name))
    }

    /// Logto has one connector of each type; a second one replaces the first.
    fn check_connectors(&self) -> Result<(), LoadError> {
        let mut seen = BTreeSet::new();
        for (index, connector) in self.connectors.iter().enumerate() {
            if let Some(kind) = ConnectorType::of(&connector.connector_id)
                && !seen.insert(kind)
            {
                let key = format!("connectors.{index}.connectorId");
                let reason =
                    format!("is a second {kind} connector, and Logto has one: remove one of them");
                return Err(LoadError::wrong(key, reason));
            }
        }
        Ok(())
    }

    fn check_roles(&self) -> Result<(), LoadError> {
        for (index, role) in self.roles.iter().enumerate() {
            let Some(scopes) = &role.scopes else { continue };
            let key = format!("roles.{index}.scopes");
            self.check_resource_scopes(scopes, &key)?;
            let own = scopes.keys().find(|indicator| is_management_api(indicator));
            if let Some(own) = own
                && role.kind != Some(RoleType::MachineToMachine)
            {
                return Err(LoadError::wrong(
                    format!("{key}.{own}"),
                    "is Logto's own API, which only a role with type = \"MachineToMachine\" can use",
                ));
            }
        }
        for (index, role) in self.organization_roles.iter().enumerate() {
            let key = format!("organizationRoles.{index}");
            if let Some(scopes) = &role.resource_scopes {
                self.check_resource_scopes(scopes, &format!("{key}.resourceScopes"))?;
            }
            let known: BTreeSet<_> = self
                .organization_scopes
                .iter()
                .map(|each| &each.name)
                .collect();
            check_known(
                role.scopes.iter().flatten(),
                &known,
                &format!("{key}.scopes"),
                "organizationScopes",
            )?;
        }
        Ok(())
    }

    fn check_resource_scopes(&self, scopes: &ResourceScopes, key: &str) -> Result<(), LoadError> {
        for (indicator, names) in scopes {
            let key = format!("{key}.{indicator}");
            if is_management_api(indicator) {
                let known = MANAGEMENT_SCOPE.to_owned();
                check_known(names, &BTreeSet::from([&known]), &key, "Logto's own API")?;
                continue;
            }
            let resource = self
                .resources
                .iter()
                .find(|resource| resource.indicator == *indicator);
            let resource = resource.ok_or_else(|| {
                LoadError::wrong(
                    &key,
                    "is the indicator of no resource: add it to `resources`, or correct it",
                )
            })?;
            let known: BTreeSet<_> = resource.scopes.iter().map(|scope| &scope.name).collect();
            check_known(names, &known, &key, "the scopes of this resource")?;
        }
        Ok(())
    }

    fn check_organizations(&self) -> Result<(), LoadError> {
        let known: BTreeSet<_> = self
            .organization_roles
            .iter()
            .map(|each| &each.name)
            .collect();
        for (index, organization) in self.organizations.iter().enumerate() {
            let Some(jit) = &organization.jit else {
                continue;
            };
            let key = format!("organizations.{index}.jit");
            check_known(
                jit.roles.iter().flatten(),
                &known,
                &format!("{key}.roles"),
                "organizationRoles",
            )?;
            for (position, domain) in jit.email_domains.iter().flatten().enumerate() {
                if !domain.contains('.') || domain.contains(['@', '/', ' ']) {
                    let key = format!("{key}.emailDomains.{position}");
                    return Err(LoadError::wrong(
                        key,
                        "is not a domain such as acme.example",
                    ));
                }
            }
        }
        Ok(())
    }

    fn check_account_center(&self) -> Result<(), LoadError> {
        let fields = self.account_center.iter().flat_map(|center| &center.fields);
        for name in fields.flat_map(|fields| fields.keys()) {
            if !ACCOUNT_FIELDS.contains(&name.as_str()) {
                return Err(LoadError::wrong(
                    format!("accountCenter.fields.{name}"),
                    format!(
                        "is no field of an account: they are {}",
                        ACCOUNT_FIELDS.join(", ")
                    ),
                ));
            }
        }
        Ok(())
    }
}

fn check_application(application: &Application, key: &str) -> Result<(), LoadError> {
    let metadata = &application.oidc_client_metadata;
    let key = format!("{key}.oidcClientMetadata");
    for (list, uris) in [
        ("redirectUris", &metadata.redirect_uris),
        (
            "postLogoutRedirectUris",
            &metadata.post_logout_redirect_uris,
        ),
    ] {
        for (position, uri) in uris.iter().enumerate() {
            check_web_uri(uri, &format!("{key}.{list}.{position}"))?;
        }
    }
    if let Some(uri) = &metadata.backchannel_logout_uri {
        check_web_uri(uri, &format!("{key}.backchannelLogoutUri"))?;
    }
    if application.kind == ApplicationType::Traditional && metadata.redirect_uris.is_empty() {
        return Err(LoadError::wrong(
            format!("{key}.redirectUris"),
            "needs at least one address",
        ));
    }
    Ok(())
}

/// An address of a web client: absolute, http or https, without fragment (RFC 6749, section 3.1.2; OpenID Connect
/// Back-Channel Logout 1.0, section 2.2).
fn check_web_uri(uri: &str, key: &str) -> Result<(), LoadError> {
    let reason = match Url::parse(uri) {
        Err(_) => "is not an absolute address such as https://app.example/callback",
        Ok(url) if !matches!(url.scheme(), "http" | "https") => {
            "must begin with https:// or http://"
        }
        Ok(url) if url.fragment().is_some() => "must not have a fragment (`#…`)",
        Ok(_) => return Ok(()),
    };
    Err(LoadError::wrong(key, reason))
}

/// Checks that a person can sign in and register, by the rules of Logto's `sign_in_experiences.…` errors.
fn check_ways_in(experience: &SignInExperience) -> Result<(), LoadError> {
    let sign_up = &experience.sign_up;
    let methods = &experience.sign_in.methods;
    let is_sent_to = |identifier: &str| matches!(identifier, "phone" | "email" | "emailOrPhone");
    for (index, identifier) in sign_up.identifiers.iter().enumerate() {
        let key = format!("signInExperience.signUp.identifiers.{index}");
        check_identifier(identifier, &key)?;
        if is_sent_to(identifier) && !sign_up.verify {
            return Err(LoadError::wrong(
                "signInExperience.signUp.verify",
                format!(
                    "must be true, because a new person enters the {identifier} and Logto sends a code to it"
                ),
            ));
        }
    }
    for (index, secondary) in sign_up.secondary_identifiers.iter().flatten().enumerate() {
        let key = format!("signInExperience.signUp.secondaryIdentifiers.{index}");
        let identifier = &secondary.identifier;
        if identifier != "emailOrPhone" {
            check_identifier(identifier, &format!("{key}.identifier"))?;
        }
        if is_sent_to(identifier) && secondary.verify != Some(true) {
            return Err(LoadError::wrong(
                format!("{key}.verify"),
                "must be true, because Logto sends a code",
            ));
        }
        if sign_up.identifiers.is_empty() {
            return Err(LoadError::wrong(
                key,
                "needs a first identifier in `signUp.identifiers`",
            ));
        }
        if sign_up.identifiers.contains(identifier) {
            return Err(LoadError::wrong(key, "is in `signUp.identifiers` already"));
        }
    }
    for (index, method) in methods.iter().enumerate() {
        let key = format!("signInExperience.signIn.methods.{index}");
        check_identifier(&method.identifier, &format!("{key}.identifier"))?;
        if !method.password && !method.verification_code {
            let reason = "accepts nothing: set password or verificationCode to true";
            return Err(LoadError::wrong(key, reason));
        }
        let is_sent = is_sent_to(&method.identifier);
        if is_sent && !method.verification_code && sign_up.verify && !sign_up.password {
            return Err(LoadError::wrong(
                format!("{key}.verificationCode"),
                "must be true, because a new person sets no password (`signUp.password`)",
            ));
        }
    }
    let Some(mfa) = &experience.mfa else {
        return Ok(());
    };
    if mfa.factors == ["BackupCode"] {
        let reason = "needs another factor beside BackupCode";
        return Err(LoadError::wrong("signInExperience.mfa.factors", reason));
    }
    for (factor, identifier) in [
        ("PhoneVerificationCode", "phone"),
        ("EmailVerificationCode", "email"),
    ] {
        let is_first = methods
            .iter()
            .any(|method| method.verification_code && method.identifier == identifier);
        if is_first && mfa.factors.iter().any(|each| each == factor) {
            return Err(LoadError::wrong(
                "signInExperience.mfa.factors",
                format!(
                    "cannot have {factor}, because people sign in with a code to the {identifier}"
                ),
            ));
        }
    }
    Ok(())
}

fn check_identifier(identifier: &str, key: &str) -> Result<(), LoadError> {
    if matches!(identifier, "phone" | "email" | "username") {
        return Ok(());
    }
    Err(LoadError::wrong(
        key,
        "must be \"phone\", \"email\" or \"username\"",
    ))
}

fn unique<'a>(
    section: &str,
    name: &str,
    names: impl Iterator<Item = &'a String>,
) -> Result<(), LoadError> {
    let mut seen = BTreeSet::new();
    for (index, each) in names.enumerate() {
        let key = || format!("{section}.{index}.{name}");
        if each.is_empty() {
            return Err(LoadError::wrong(key(), "must not be empty"));
        }
        if !seen.insert(each) {
            return Err(LoadError::wrong(
                key(),
                format!("is {each} a second time: choose another one"),
            ));
        }
    }
    Ok(())
}

/// Checks that each name is one of those that the file defines in `section`.
fn check_known<'a>(
    names: impl IntoIterator<Item = &'a String>,
    known: &BTreeSet<&String>,
    key: &str,
    section: &str,
) -> Result<(), LoadError> {
    match names.into_iter().find(|name| !known.contains(name)) {
        Some(name) => Err(LoadError::wrong(
            key,
            format!("{name} is not in {section}: add it there, or correct it"),
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
