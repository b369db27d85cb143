//! The cases that every client goes through, and what it must then say.

use super::{
    ACCESS_KEY_ID, ACCESS_KEY_SECRET,
    client::{Client, Raises, Signs},
};
use serde_json::{Value, json};

/// As in `crates/connector-aliyun-sms/clients/sandbox.toml`.
pub(super) const SIGN_NAME: &str = "阿里云短信测试";
const TEMPLATE_CODE: &str = "SMS_154950909";
pub(super) const CODE: &str = "271828";

/// Which way a request goes.
#[derive(Clone, Copy)]
pub(super) enum Way {
    /// To the sandbox, which keeps flow limits.
    Usual,
    /// To one whose clock is twenty minutes ahead.
    ClockAhead,
    /// To the first one, twice, byte for byte: the client gets the second answer.
    SentTwice,
}

/// One case.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) way: Way,
    /// A member of the input that is not as usual.
    change: Option<(&'static str, &'static str)>,
    /// How often the client may send until it is refused.
    attempts: u32,
    /// The HTTP status of the answer.
    status: u16,
    code: &'static str,
    /// What the client's message contains, by its signature.
    says: fn(Signs) -> &'static str,
    /// Whether the phone has a message afterwards.
    pub(super) delivers: bool,
}

const SUCCESS: Case = Case {
    name: "success",
    way: Way::Usual,
    change: None,
    attempts: 1,
    status: 200,
    code: "OK",
    says: |_| "OK",
    delivers: true,
};

pub(super) const CASES: &[Case] = &[
    SUCCESS,
    Case {
        name: "wrong secret",
        change: Some(("accessKeySecret", "another-secret")),
        status: 400,
        code: "SignatureDoesNotMatch",
        says: |signs| match signs {
            Signs::V1 => {
                "Specified signature is not matched with our calculation. server string to sign is:"
            }
            Signs::V3 => "Specified signature does not match our calculation.",
        },
        delivers: false,
        ..SUCCESS
    },
    Case {
        name: "unknown access key",
        change: Some(("accessKeyId", "LTAI5tOfNobody")),
        status: 404,
        code: "InvalidAccessKeyId.NotFound",
        says: |_| "Specified access key is not found.",
        delivers: false,
        ..SUCCESS
    },
    Case {
        name: "wrong template",
        change: Some(("templateCode", "SMS_0")),
        code: "isv.SMS_TEMPLATE_ILLEGAL",
        says: |_| "该账号下找不到对应模板",
        delivers: false,
        ..SUCCESS
    },
    Case {
        name: "bad number",
        change: Some(("phoneNumbers", "14085986122")),
        code: "isv.MOBILE_NUMBER_ILLEGAL",
        says: |_| "手机号码格式错误",
        delivers: false,
        ..SUCCESS
    },
    Case {
        name: "flow limit",
        // Three within a minute: two of them are in one minute of the clock, wherever that begins.
        attempts: 3,
        code: "isv.BUSINESS_LIMIT_CONTROL",
        says: |_| "触发分钟级流控Permits:1",
        ..SUCCESS
    },
    Case {
        name: "expired clock",
        way: Way::ClockAhead,
        status: 400,
        code: "InvalidTimeStamp.Expired",
        says: |_| "Specified time stamp or date value is expired.",
        delivers: false,
        ..SUCCESS
    },
    Case {
        name: "reused nonce",
        way: Way::SentTwice,
        status: 400,
        code: "SignatureNonceUsed",
        says: |_| "Specified signature nonce was used already.",
        ..SUCCESS
    },
];

impl Case {
    /// What the client receives.
    pub(super) fn input(&self, port: u16, phone: &str) -> Value {
        let mut input = json!({
            "host": format!("127.0.0.1:{port}"),
            "accessKeyId": ACCESS_KEY_ID,
            "accessKeySecret": ACCESS_KEY_SECRET,
            "phoneNumbers": phone,
            "signName": SIGN_NAME,
            "templateCode": TEMPLATE_CODE,
            "templateParam": json!({ "code": CODE }).to_string(),
            "attempts": self.attempts,
        });
        if let Some((member, value)) = self.change {
            input[member] = value.into();
        }
        input
    }

    /// What is wrong with the outcome that the client reports.
    pub(super) fn fault(&self, client: &Client, outcome: &Value) -> Option<String> {
        let is_raised = match client.raises {
            Raises::ErrorsOfTheGateway => self.status != 200,
            Raises::EverythingButOk | Raises::AsLogto => self.code != "OK",
        };
        let says = (self.says)(client.signs);
        let message = outcome["message"].as_str().unwrap_or_default();
        let is_right = outcome["code"] == self.code
            && outcome["raised"] == is_raised
            && (outcome["status"].is_null() || outcome["status"] == self.status)
            && message.contains(says)
            && (outcome["connectorCode"] == self.connector_code(client, is_raised));
        (!is_right).then(|| format!("{outcome}, not {} ({says})", self.code))
    }

    /// How Logto's connector classes it.
    fn connector_code(&self, client: &Client, is_raised: bool) -> Value {
        match client.raises {
            Raises::AsLogto if self.code == "isv.BUSINESS_LIMIT_CONTROL" => {
                "rate_limit_exceeded".into()
            }
            Raises::AsLogto if is_raised => "general".into(),
            _ => Value::Null,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::client::CLIENTS, *};

    fn client(raises: fn(&Raises) -> bool) -> &'static Client {
        CLIENTS
            .iter()
            .find(|client| raises(&client.raises))
            .unwrap()
    }

    #[test]
    fn an_outcome_is_right_in_every_part_or_a_fault() {
        let flow_limit = CASES.iter().find(|case| case.name == "flow limit").unwrap();
        let logto = client(|raises| matches!(raises, Raises::AsLogto));
        let right = json!({
            "raised": true,
            "code": "isv.BUSINESS_LIMIT_CONTROL",
            "message": "触发分钟级流控Permits:1",
            "connectorCode": "rate_limit_exceeded",
        });
        assert_eq!(flow_limit.fault(logto, &right), None);
        for (member, wrong) in [
            ("raised", json!(false)),
            ("code", json!("isv.DAY_LIMIT_CONTROL")),
            ("status", json!(400)),
            ("message", json!("")),
            ("connectorCode", json!("general")),
        ] {
            let mut outcome = right.clone();
            outcome[member] = wrong;
            assert!(flow_limit.fault(logto, &outcome).is_some(), "{member}");
        }
        let sdk = client(|raises| matches!(raises, Raises::ErrorsOfTheGateway));
        assert!(flow_limit.fault(sdk, &right).is_some(), "it raises nothing");
    }

    #[test]
    fn the_account_of_the_cases_is_the_one_in_the_file() {
        let file = super::super::install::sources().join("sandbox.toml");
        let file = std::fs::read_to_string(file).unwrap();
        assert!(file.contains(SIGN_NAME) && file.contains(TEMPLATE_CODE));
    }
}
