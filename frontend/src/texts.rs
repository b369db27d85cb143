//! Every text of the app, in a typed table: a language without one of them does not compile.

mod chinese;
mod english;
mod japanese;

use crate::{api::Failure, claims::ClaimName, time_left::TimeLeft};
use shared::{Language, ProblemCode, SignedOutReason};

/// The name of the product, the same in every language.
pub(crate) const PRODUCT: &str = "Bookstore";

/// All texts in one language.
pub(crate) struct Texts {
    pub(crate) choose_language: &'static str,
    /// The titles of the pages about the person.
    pub(crate) account_title: &'static str,
    pub(crate) sessions_title: &'static str,
    pub(crate) sign_in: &'static str,
    pub(crate) try_again: &'static str,
    pub(crate) to_the_start: &'static str,
    pub(crate) welcome: Welcome,
    /// On a page that only somebody who is signed in can see.
    pub(crate) not_signed_in: &'static str,
    pub(crate) not_found: Notice,
    pub(crate) sign_in_failed: SignInFailed,
    /// Names the links to the pages, for whoever does not see them.
    pub(crate) pages: &'static str,
    pub(crate) loading: &'static str,
    pub(crate) sign_out: &'static str,
    pub(crate) signing_out: &'static str,
    pub(crate) sign_out_failed: &'static str,
    pub(crate) close: &'static str,
    /// Comes before the person's name.
    pub(crate) hello: &'static str,
    /// Below the greeting.
    pub(crate) signed_in: &'static str,
    /// In place of what only the app can show, when it cannot run.
    pub(crate) needs_app: &'static str,
    pub(crate) account: Account,
    pub(crate) sessions: Sessions,
    pub(crate) notices: Notices,
    pub(crate) status_failed: StatusFailed,
}

/// What a visitor reads who is not signed in.
pub(crate) struct Welcome {
    pub(crate) title: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) promises: [&'static str; 3],
}

/// What is known of the person.
pub(crate) struct Account {
    pub(crate) lead: &'static str,
    /// How long the session lasts: at most so long, and so long without activity.
    pub(crate) session: fn(TimeLeft, TimeLeft) -> String,
    /// The provider is being asked what it knows now.
    pub(crate) asking: &'static str,
    /// It has answered.
    pub(crate) is_live: &'static str,
    /// It could not be asked.
    pub(crate) is_not_live: &'static str,
    /// Show and hide a phone number.
    pub(crate) show: &'static str,
    pub(crate) hide: &'static str,
    pub(crate) show_phone: &'static str,
    pub(crate) hide_phone: &'static str,
    pub(crate) claim: fn(ClaimName) -> &'static str,
    pub(crate) yes: &'static str,
    pub(crate) no: &'static str,
}

/// Where the person is signed in.
pub(crate) struct Sessions {
    pub(crate) lead: &'static str,
    pub(crate) this_device: &'static str,
    pub(crate) unknown_device: &'static str,
    /// A browser on a system.
    pub(crate) on: fn(&str, &str) -> String,
    /// Comes before the time of the last visit.
    pub(crate) last_seen: &'static str,
    /// Comes before the time of the sign-in.
    pub(crate) since: &'static str,
    pub(crate) end: &'static str,
    pub(crate) end_failed: &'static str,
    pub(crate) end_all: &'static str,
}

/// What the person should know whatever page is open.
pub(crate) struct Notices {
    /// The session has ended while the page was open.
    pub(crate) signed_out: fn(SignedOutReason) -> &'static str,
    /// The session ends at this time unless the person stays.
    pub(crate) expiring: fn(&str) -> String,
    /// The session ends at this time, whatever the person does.
    pub(crate) ending: fn(&str) -> String,
    pub(crate) stay: &'static str,
    pub(crate) sign_in_again: &'static str,
    /// The bff cannot be asked.
    pub(crate) trouble: &'static str,
}

/// Something that the person should know.
#[derive(Clone, Copy)]
pub(crate) struct Notice {
    pub(crate) title: &'static str,
    pub(crate) lead: &'static str,
}

/// It is not known whether somebody is signed in.
pub(crate) struct StatusFailed {
    pub(crate) title: &'static str,
    /// The bff did not answer.
    pub(crate) unreachable: Explanation,
}

/// The page of a sign-in that did not work.
pub(crate) struct SignInFailed {
    pub(crate) title: &'static str,
    /// For somebody who is signed in, whatever the reason.
    pub(crate) already_signed_in: Notice,
    /// What happened and what to do, by the reason; `None` when the reason is none that we know.
    pub(crate) explain: fn(Option<ProblemCode>) -> Explanation,
    /// Comes before the code, for whoever asks for help.
    pub(crate) code: &'static str,
}

/// A problem in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Explanation {
    /// What happened.
    pub(crate) what: &'static str,
    /// What the person can do now.
    pub(crate) next: &'static str,
}

impl Texts {
    pub(crate) const fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &english::TEXTS,
            Language::Japanese => &japanese::TEXTS,
            Language::SimplifiedChinese => &chinese::TEXTS,
        }
    }

    /// Why a question has no answer, and what to do.
    pub(crate) fn explain_failure(&self, failure: Failure) -> Explanation {
        match failure {
            Failure::Unreachable => self.status_failed.unreachable,
            Failure::Refused(code) => (self.sign_in_failed.explain)(Some(code)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_its_own_words_in_every_language() {
        for language in Language::ALL {
            let explain = Texts::of(language).sign_in_failed.explain;
            let reasons = ProblemCode::ALL.iter().copied().map(Some).chain([None]);
            let mut seen: Vec<&str> = Vec::new();
            for reason in reasons {
                let Explanation { what, next } = explain(reason);
                assert!(!next.is_empty(), "{language:?} {reason:?}");
                assert!(!seen.contains(&what), "{language:?} {reason:?}: {what}");
                seen.push(what);
            }
        }
    }

    #[test]
    fn every_claim_has_its_own_label_in_every_language() {
        for language in Language::ALL {
            let label = Texts::of(language).account.claim;
            let mut labels: Vec<_> = ClaimName::ALL.iter().map(|&name| label(name)).collect();
            labels.sort_unstable();
            labels.dedup();
            assert_eq!(labels.len(), ClaimName::ALL.len(), "{language:?}");
        }
    }

    #[test]
    fn every_end_of_a_session_has_its_own_words_in_every_language() {
        for language in Language::ALL {
            let words = Texts::of(language).notices.signed_out;
            let mut all: Vec<_> = SignedOutReason::ALL
                .iter()
                .map(|&reason| words(reason))
                .collect();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), SignedOutReason::ALL.len(), "{language:?}");
        }
    }

    #[test]
    fn the_session_is_told_in_words() {
        let session = |language: Language, ends, idle| {
            (Texts::of(language).account.session)(
                TimeLeft::from_seconds(ends),
                TimeLeft::from_seconds(idle),
            )
        };
        let (two_weeks, day) = (1_209_600, 86_400);
        assert_eq!(
            session(Language::English, two_weeks, day),
            "You stay signed in for 14 days, or until you have been away for 24 hours."
        );
        assert_eq!(
            session(Language::Japanese, two_weeks, day),
            "サインインはあと14日間有効です。24時間操作がないと、そこで終了します。"
        );
        assert_eq!(
            session(Language::SimplifiedChinese, two_weeks, day),
            "登录状态还可保持 14 天；若 24 小时没有操作，将提前结束。"
        );
    }

    #[test]
    fn a_session_that_ends_before_idleness_would_end_it_is_told_by_its_end_alone() {
        let session = Texts::of(Language::English).account.session;
        assert_eq!(
            session(TimeLeft::Minutes(1), TimeLeft::Minutes(1)),
            "You stay signed in for 1 minute."
        );
        assert_eq!(
            session(TimeLeft::Moments, TimeLeft::Moments),
            "You stay signed in for less than a minute."
        );
    }
}
