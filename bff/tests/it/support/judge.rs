//! The verdict on a relying party, in the terms of the conformance suite, and the tables of its modules.

use super::{HostileApp, TestBrowser};
use shared::{ProblemCode, path};
use test_provider::{Endpoint, SUB};

/// What a relying party has to do with a provider's answers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expected {
    /// Sign in, and use userinfo.
    SignedIn,
    /// Sign nobody in, and ask for nothing more.
    Refused(ProblemCode),
    /// Sign in, but use nothing of userinfo.
    UserInfoRefused(ProblemCode),
}

/// One test for each row: its name, how the provider lies, and what the relying party does.
macro_rules! cases {
    ($($name:ident: $mutation:expr => $expected:expr;)+) => {$(
        #[tokio::test]
        async fn $name() {
            $crate::support::HostileApp::start($mutation).await.judge($expected).await;
        }
    )+};
}
pub(crate) use cases;

impl HostileApp {
    /// Goes through a sign-in and a look at userinfo.
    pub(crate) async fn judge(&self, expected: Expected) {
        let mut browser = self.browser();
        let landed = self.sign_in(&mut browser).await;
        match expected {
            Expected::SignedIn => self.assert_signed_in(&mut browser, &landed).await,
            Expected::Refused(code) => self.assert_refused(&mut browser, &landed, code).await,
            Expected::UserInfoRefused(code) => {
                assert_eq!(landed, "/");
                self.assert_user_info_refused(&mut browser, code).await;
            }
        }
    }

    async fn assert_signed_in(&self, browser: &mut TestBrowser, landed: &str) {
        assert_eq!(landed, "/");
        assert_eq!(browser.sub().await.as_deref(), Some(SUB));
        let user_info = self.user_info(browser).await;
        assert_eq!(user_info.status, 200, "{}", user_info.body);
        assert_eq!(user_info.json()["sub"], SUB);
        assert_eq!(self.requests(Endpoint::UserInfo), 1);
    }

    /// Nobody is signed in, the reason is stable, and no token is used.
    pub(crate) async fn assert_refused(
        &self,
        browser: &mut TestBrowser,
        landed: &str,
        code: ProblemCode,
    ) {
        let expected = format!("{}?reason={}", path::SIGN_IN_FAILED, code.as_str());
        assert_eq!(landed, expected);
        assert_eq!(browser.sub().await, None);
        assert_eq!(browser.session_id(), None);
        assert_eq!(self.user_info(browser).await.status, 401);
        assert_eq!(self.requests(Endpoint::UserInfo), 0);
    }

    /// The answer is a problem, and who is signed in stays so.
    pub(crate) async fn assert_user_info_refused(
        &self,
        browser: &mut TestBrowser,
        code: ProblemCode,
    ) {
        let answer = self.user_info(browser).await;
        assert_eq!(answer.status, code.status(), "{}", answer.body);
        assert_eq!(answer.json()["code"], code.as_str());
        assert_eq!(browser.sub().await.as_deref(), Some(SUB));
    }
}
