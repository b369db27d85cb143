use super::*;
use crate::UsageType;
use secrecy::ExposeSecret;
use std::collections::BTreeMap;

const TENANT: &str = include_str!("../../../../../tenant.toml");

fn variable(name: &str) -> Option<String> {
    match name {
        "ALIBABA_CLOUD_ACCESS_KEY_ID" => Some("id".to_owned()),
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET" => Some("secret".to_owned()),
        _ => None,
    }
}

/// Where each text goes, by the code of its template.
fn texts(account: &Account) -> BTreeMap<&str, (Option<Region>, String)> {
    let templates = account.templates.iter();
    templates
        .map(|template| {
            let text = template.text.fill(&code());
            (template.code.as_str(), (template.region, text))
        })
        .collect()
}

#[test]
fn the_bundled_account_is_that_of_the_example_tenant() {
    let bundled = Account::bundled("id", "secret");
    let tenant = Account::all_from_toml(TENANT, variable).unwrap().remove(0);
    for account in [&bundled, &tenant] {
        assert_eq!(account.access_key_id, "id");
        assert_eq!(account.access_key_secret.expose_secret(), "secret");
        assert_eq!(account.sign_names, ["Bookstore"]);
        assert!(!format!("{account:?}").contains("\"secret\""));
    }
    assert_eq!(
        bundled.templates.len(),
        2 * TENANT.matches("templateCode").count()
    );
    assert_eq!(texts(&bundled), texts(&tenant));
    // As with Aliyun, each goes to one region. A domestic one must say that it is about a verification code.
    for (region, text) in texts(&bundled).values() {
        assert!(region.is_some(), "{text}");
        let is_domestic = *region == Some(Region::China);
        assert_eq!(text.contains("验证码"), is_domestic, "{text}");
    }
}

#[test]
fn what_the_bundled_file_shows_in_comments_is_right() {
    let (file, examples) = BUNDLED.split_once("# More options").unwrap();
    let is_code = |line: &&str| line.starts_with('[') || line.contains(" = ");
    let examples: Vec<_> = examples
        .lines()
        .filter_map(|line| line.strip_prefix("# "))
        .filter(is_code)
        .collect();
    let text = format!("{file}\n{}", examples.join("\n"));
    let with_another = |name: &str| match name {
        "ANOTHER_SECRET" => Some("another".to_owned()),
        _ => variable(name),
    };
    let accounts = Account::all_from_toml(&text, with_another).unwrap();
    let [first, further] = &accounts[..] else {
        panic!("{accounts:?}");
    };
    let last = first.templates.last().unwrap();
    assert_eq!((last.code.as_str(), last.region), ("SMS_300000001", None));
    assert_eq!(further.access_key_secret.expose_secret(), "another");
    assert!(further.security_token.is_some());
    assert_eq!(further.sign_names, ["Another shop"]);
    assert_eq!(further.templates.len(), first.templates.len());
}

#[test]
fn a_tenants_templates_by_region_become_two_for_every_usage() {
    let (before, _) = TENANT.split_once("templates = [").unwrap();
    let templates: Vec<_> = UsageType::ALL
        .iter()
        .enumerate()
        .map(|(index, usage)| {
            let usage = usage.as_str();
            format!(
                "{{ usageType = \"{usage}\", templateCode = {{ china = \"SMS_1{index}\", overseas = \"SMS_2{index}\" }} }},"
            )
        })
        .collect();
    let tenant = format!("{before}templates = [{}]", templates.concat());
    let account = Account::all_from_toml(&tenant, variable).unwrap().remove(0);
    assert_eq!(account.templates.len(), 2 * UsageType::ALL.len());
    for pair in account.templates.chunks(2) {
        assert_eq!(pair[0].region, Some(Region::China));
        assert!(pair[0].text.fill(&code()).contains("验证码为1234"));
        assert_eq!(pair[1].region, Some(Region::Overseas));
        assert!(pair[1].text.fill(&code()).contains("is 1234."));
    }
}

#[test]
fn a_file_has_further_accounts_with_keys_of_their_own() {
    let text = "signNames = [\"A\"]
[[templates]]
templateCode = \"SMS_1\"
text = \"${code}\"
region = \"china\"
[[accounts]]
accessKeyId = \"STS.other\"
accessKeySecret = \"${ALIBABA_CLOUD_ACCESS_KEY_SECRET}\"
securityToken = \"a-token\"
[[accounts]]
accessKeyId = \"third\"
accessKeySecret = \"third-secret\"
signNames = [\"B\"]
templates = []
";
    let accounts = Account::all_from_toml(text, variable).unwrap();
    let ids: Vec<_> = accounts
        .iter()
        .map(|account| &account.access_key_id)
        .collect();
    assert_eq!(ids, ["id", "STS.other", "third"]);
    assert_eq!(accounts[0].templates[0].region, Some(Region::China));
    assert_eq!(accounts[1].access_key_secret.expose_secret(), "secret");
    assert_eq!(accounts[1].sign_names, ["A"]);
    assert!(accounts[1].security_token.is_some());
    assert_eq!(
        (accounts[2].sign_names.len(), accounts[2].templates.len()),
        (1, 0)
    );
    let debug = format!("{accounts:?}");
    assert!(!debug.contains("third-secret") && !debug.contains("a-token"));
}

#[test]
fn what_is_wrong_with_a_file_is_said_in_one_line() {
    let one = "[[templates]]\ntemplateCode = \"SMS_1\"\ntext = \"${code}\"\n";
    let cases = [
        ("signNames = [", "line 1: "),
        ("signNames = []\ntemplates = []", "`signNames` needs"),
        ("signNames = [\"\"]\ntemplates = []", "`signNames` needs"),
        ("signNames = [\"A\"]\n", "missing field `templates`"),
        (
            &format!("signName = [\"A\"]\n{one}"),
            "line 1: unknown field",
        ),
        (
            &format!("signNames = [\"A\"]\n{one}a = 1"),
            "line 5: unknown field",
        ),
        (
            &format!("signNames = [\"A\"]\n{}", one.replace("${code}", "")),
            "template SMS_1: ",
        ),
        (
            &format!("signNames = [\"A\"]\n{one}{one}"),
            "template SMS_1 is defined twice",
        ),
        (
            "signNames = [\"A\"]\ntemplates = []\n[[accounts]]\naccessKeyId = \"${NOWHERE}\"\naccessKeySecret = \"s\"",
            "the environment variable NOWHERE is not set",
        ),
        ("connectors = []", "the tenant has no connector aliyun"),
        (
            &TENANT.replace("signName = \"Bookstore\"", ""),
            "the Aliyun SMS configuration is wrong: `signName` is missing",
        ),
    ];
    for (text, expected) in cases {
        let error = Account::all_from_toml(text, variable).unwrap_err();
        let line = error.to_string();
        assert!(line.contains(expected), "{text}: {line}");
        assert!(!line.contains('\n'), "{line}");
    }
    let error = Account::all_from_toml(BUNDLED, |_| None).unwrap_err();
    assert_eq!(
        error,
        AccountError::MissingVariable("ALIBABA_CLOUD_ACCESS_KEY_ID".to_owned())
    );
}

fn code() -> BTreeMap<String, String> {
    BTreeMap::from([("code".to_owned(), "1234".to_owned())])
}

#[test]
fn q48_a_value_that_aliyun_cannot_have_is_named() {
    let file = |sign_name: &str, code: &str| {
        format!(
            "signNames = [\"{sign_name}\"]\n[[templates]]\ntemplateCode = \"{code}\"\ntext = \"${{code}}\"\n"
        )
    };
    for (sign_name, code, expected) in [
        (
            "【Bookstore】",
            "SMS_1",
            "`signNames` must be without brackets, and has `【`",
        ),
        (
            "Book\u{200b}store",
            "SMS_1",
            "`signNames` has the invisible character U+200B",
        ),
        (
            "Bookstore",
            "SMS_1\u{200e}",
            "`templateCode` has the invisible character U+200E",
        ),
    ] {
        let error = Account::all_from_toml(&file(sign_name, code), variable).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
    }
    let key = |name: &str| variable(name).map(|value| format!("{value}\u{feff}"));
    let error = Account::all_from_toml(&file("Bookstore", "SMS_1"), key).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("`accessKeyId` has the invisible character U+FEFF"),
        "{error}"
    );
}
