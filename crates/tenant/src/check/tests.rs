use crate::Tenant;

const EXAMPLE: &str = include_str!("../../../../tenant.toml");

/// Everything that sections can refer to.
const SECTIONS: &str = r#"
[[connectors]]
connectorId = "http-email"
config = { endpoint = "https://mail.example" }

[[resources]]
name = "API"
indicator = "https://api.example"
scopes = [{ name = "read:books" }, { name = "write:books" }]

[[roles]]
name = "reader"
description = "Reads"
scopes = { "https://api.example" = ["read:books"] }

[[roles]]
name = "provisioner"
description = "Changes the tenant"
type = "MachineToMachine"
scopes = { "https://default.logto.app/api" = ["all"] }

[[organizationScopes]]
name = "invite:member"

[[organizationRoles]]
name = "admin"
scopes = ["invite:member"]
resourceScopes = { "https://api.example" = ["write:books"] }

[[organizations]]
name = "Acme"
jit = { emailDomains = ["acme.example"], roles = ["admin"] }

[[hooks]]
name = "events"
events = ["User.Deleted"]
config = { url = "https://app.example/webhooks/logto" }
"#;

/// The example up to its sign-in experience, with all sections of this file.
fn example() -> String {
    let (before, rest) = EXAMPLE.split_once("[signInExperience]").unwrap();
    let before = before.split("\n[[resources]]").next().unwrap();
    let experience = rest.split("\n[[").next().unwrap();
    let experience = experience.split("\n[accountCenter").next().unwrap();
    format!(
        "{before}\n{SECTIONS}\n[accountCenter]\nfields = {{ name = \"Edit\" }}\n\n[signInExperience]{experience}"
    )
}

fn parse(text: &str) -> Result<Tenant, String> {
    Tenant::parse(text, |name| Some(name.to_owned())).map_err(|error| error.to_string())
}

/// Asserts that each change of the example makes an error with this beginning.
fn assert_refused(cases: &[(&str, &str, &str)]) {
    let example = example();
    parse(&example).unwrap();
    for (right, wrong, expected) in cases {
        let changed = example.replacen(right, wrong, 1);
        assert_ne!(changed, example, "{right} is not there");
        let error = parse(&changed).unwrap_err();
        assert!(error.starts_with(expected), "{wrong}: {error}");
    }
}

#[test]
fn a_reference_to_nothing_is_refused() {
    assert_refused(&[
        (
            "scopes = { \"https://api.example\" = [\"read:books\"] }",
            "scopes = { \"https://api.example/\" = [\"read:books\"] }",
            "`roles.0.scopes.https://api.example/`: is the indicator of no resource: add it to `resources`, or correct it",
        ),
        (
            "= [\"read:books\"]",
            "= [\"read:book\"]",
            "`roles.0.scopes.https://api.example`: read:book is not in the scopes of this resource: add it there",
        ),
        (
            "= [\"all\"]",
            "= [\"read\"]",
            "`roles.1.scopes.https://default.logto.app/api`: read is not in Logto's own API",
        ),
        (
            "type = \"MachineToMachine\"",
            "type = \"User\"",
            "`roles.1.scopes.https://default.logto.app/api`: is Logto's own API, which only a role with type",
        ),
        (
            "scopes = [\"invite:member\"]",
            "scopes = [\"remove:member\"]",
            "`organizationRoles.0.scopes`: remove:member is not in organizationScopes",
        ),
        (
            "= [\"write:books\"]",
            "= [\"burn:books\"]",
            "`organizationRoles.0.resourceScopes.https://api.example`: burn:books is not in",
        ),
        (
            "roles = [\"admin\"]",
            "roles = [\"owner\"]",
            "`organizations.0.jit.roles`: owner is not in organizationRoles",
        ),
    ]);
}

#[test]
fn a_name_twice_is_refused() {
    assert_refused(&[
        (
            "{ name = \"write:books\" }",
            "{ name = \"read:books\" }",
            "`resources.0.scopes.1.name`: is read:books a second time",
        ),
        (
            "name = \"provisioner\"",
            "name = \"reader\"",
            "`roles.1.name`: is reader a second time: choose another one",
        ),
        (
            "[[hooks]]",
            "[[hooks]]\nname = \"events\"\nevents = [\"PostSignIn\"]\nconfig = { url = \"https://a.example\" }\n[[hooks]]",
            "`hooks.1.name`: is events a second time",
        ),
        (
            "[[organizations]]",
            "[[organizations]]\nname = \"Acme\"\n[[organizations]]",
            "`organizations.1.name`: is Acme a second time",
        ),
        (
            "name = \"invite:member\"",
            "name = \"\"",
            "`organizationScopes.0.name`: must not be empty",
        ),
        (
            "connectorId = \"http-email\"",
            "connectorId = \"http-sms\"",
            "`connectors.1.connectorId`: is a second SMS connector, and Logto has one: remove one of them",
        ),
    ]);
}

#[test]
fn a_value_that_logto_cannot_use_is_refused() {
    assert_refused(&[
        (
            "{ name = \"write:books\" }",
            "{ name = \"write books\" }",
            "`resources.0.scopes.1.name`: must be without spaces",
        ),
        (
            "[\"User.Deleted\"]",
            "[]",
            "`hooks.0.events`: needs at least one event",
        ),
        (
            "https://app.example/webhooks/logto",
            "app.example",
            "`hooks.0.config.url`: is not an absolute address",
        ),
        (
            "[\"acme.example\"]",
            "[\"@acme.example\"]",
            "`organizations.0.jit.emailDomains.0`: is not a domain",
        ),
        (
            "{ name = \"Edit\" }",
            "{ surname = \"Edit\" }",
            "`accountCenter.fields.surname`: is no field of an account: they are name, avatar,",
        ),
    ]);
}

#[test]
fn ways_to_sign_in_that_contradict_each_other_are_refused() {
    let sign_up = "identifiers = [\"phone\"]\npassword = false\nverify = true";
    let methods = "methods = [{ identifier = \"phone\", password = false, verificationCode = true, isPasswordPrimary = false }]";
    assert_refused(&[
        (
            "verify = true",
            "verify = false",
            "`signInExperience.signUp.verify`: must be true, because a new person enters the phone",
        ),
        (
            "[\"phone\"]",
            "[\"phon\"]",
            "`signInExperience.signUp.identifiers.0`: must be \"phone\", \"email\" or \"username\"",
        ),
        (
            "password = false, verificationCode = true",
            "password = true, verificationCode = false",
            "`signInExperience.signIn.methods.0.verificationCode`: must be true, because a new person sets no password",
        ),
        (
            "password = false, verificationCode = true",
            "password = false, verificationCode = false",
            "`signInExperience.signIn.methods.0`: accepts nothing",
        ),
        (
            sign_up,
            &format!("{sign_up}\nsecondaryIdentifiers = [{{ identifier = \"email\" }}]"),
            "`signInExperience.signUp.secondaryIdentifiers.0.verify`: must be true",
        ),
        (
            sign_up,
            &format!(
                "{sign_up}\nsecondaryIdentifiers = [{{ identifier = \"phone\", verify = true }}]"
            ),
            "`signInExperience.signUp.secondaryIdentifiers.0`: is in `signUp.identifiers` already",
        ),
        (
            sign_up,
            "identifiers = []\npassword = false\nverify = false\nsecondaryIdentifiers = [{ identifier = \"username\" }]",
            "`signInExperience.signUp.secondaryIdentifiers.0`: needs a first identifier",
        ),
        (
            methods,
            &format!(
                "{methods}\n[signInExperience.mfa]\nfactors = [\"BackupCode\"]\npolicy = \"Mandatory\""
            ),
            "`signInExperience.mfa.factors`: needs another factor",
        ),
        (
            methods,
            &format!(
                "{methods}\n[signInExperience.mfa]\nfactors = [\"Totp\", \"PhoneVerificationCode\"]\npolicy = \"Mandatory\""
            ),
            "`signInExperience.mfa.factors`: cannot have PhoneVerificationCode",
        ),
    ]);
}

/// What the guide sets in Logto's console can be said in the file.
#[test]
fn the_consoles_choices_can_be_expressed() {
    let sign_up = "identifiers = [\"phone\"]\npassword = false\nverify = true";
    let phone_code = "{ identifier = \"phone\", password = false, verificationCode = true, isPasswordPrimary = false }";
    let experience = "signInMode = \"SignInAndRegister\"";
    let example = example();
    for (sign_up_now, methods, more) in [
        (
            "identifiers = [\"email\", \"phone\"]\npassword = false\nverify = true",
            phone_code.to_owned(),
            "",
        ),
        (
            "identifiers = [\"phone\"]\npassword = true\nverify = true",
            phone_code.replace("password = false", "password = true"),
            "forgotPasswordMethods = [\"PhoneVerificationCode\"]\npasswordPolicy = { length = { min = 10 }, rejects = { pwned = false, words = [\"bookstore\"] } }",
        ),
        (
            "identifiers = [\"username\"]\npassword = true\nverify = true\nsecondaryIdentifiers = [{ identifier = \"phone\", verify = true }]",
            "{ identifier = \"username\", password = true, verificationCode = false, isPasswordPrimary = true }".to_owned(),
            "mfa = { factors = [\"Totp\", \"BackupCode\"], policy = \"Mandatory\" }",
        ),
        (
            sign_up,
            phone_code.to_owned(),
            "color = { primaryColor = \"#0a7\" }\nbranding = { logoUrl = \"https://a.example/l.png\" }\ntermsOfUseUrl = \"https://a.example/terms\"\n\
             agreeToTermsPolicy = \"ManualRegistrationOnly\"\nprivacyPolicyUrl = \"\"\nsupportEmail = \"help@a.example\"\n\
             sentinelPolicy = { maxAttempts = 5, lockoutDuration = 10 }\nverificationCodePolicy = { expirationDuration = 120 }\n\
             socialSignIn = { automaticAccountLinking = true }\nsocialSignInConnectorTargets = [\"github\"]",
        ),
    ] {
        let text = example
            .replace(sign_up, sign_up_now)
            .replace(phone_code, &methods)
            .replace(experience, &format!("{experience}\n{more}"));
        let tenant = parse(&text).unwrap();
        let body = serde_json::to_value(&tenant.sign_in_experience).unwrap();
        for key in more.lines().filter_map(|line| line.split(' ').next()) {
            assert!(body.get(key).is_some(), "{key}");
        }
    }
}
