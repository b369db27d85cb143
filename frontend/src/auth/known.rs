//! What is known about the sign-in, and how each thing that is heard changes it. Pure: the page is told elsewhere.

use super::{AuthState, Ending};
use crate::api::Failure;
use shared::{AuthStatus, EXPIRING_SOON, SessionEvent, SignedOutReason};
use std::rc::Rc;
use yew::Reducible;

/// What is known.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Known {
    pub(super) state: AuthState,
    pub(super) expiring: Option<Ending>,
    /// Why the session has ended, by somebody's word that the status has not confirmed yet.
    ended: Option<SignedOutReason>,
    /// Why the bff could not be asked, when what is known is older than the last question.
    pub(super) trouble: Option<Failure>,
    /// How often the bff has been asked in vain.
    pub(super) tries: u32,
}

/// What is heard.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Heard {
    /// What was known is not to be trusted any more.
    Forget,
    /// The bff has been asked for the status, and this is its answer, or that it gave none; and when that was.
    Answer(Result<AuthStatus, Failure>, f64),
    /// The bff has told by itself, and when.
    Event(SessionEvent, f64),
}

impl Known {
    pub(super) const fn at_first(state: AuthState) -> Self {
        Self {
            state,
            expiring: None,
            ended: None,
            trouble: None,
            tries: 0,
        }
    }

    /// Whether the bff should be asked once more, after a while.
    pub(super) const fn is_in_trouble(&self) -> bool {
        self.trouble.is_some() || matches!(self.state, AuthState::Failed(_))
    }

    fn hear(&self, heard: Heard) -> Self {
        match heard {
            Heard::Forget => Self::at_first(AuthState::Loading),
            Heard::Answer(Ok(status), now) => self.answered(status, now),
            Heard::Answer(Err(failure), _) => self.not_answered(failure),
            // It may have been the session before the one that is here now; but nothing of a person stays on the page.
            Heard::Event(SessionEvent::SignedOut(told), _) => Self {
                ended: Some(told.reason),
                ..Self::at_first(match self.state {
                    AuthState::SignedOut(_) => self.state.clone(),
                    _ => AuthState::Loading,
                })
            },
            Heard::Event(SessionEvent::Expiring(times), now) => Self {
                expiring: Some(Ending::of(times, now)),
                ..self.clone()
            },
            // Which claims, only the status says.
            Heard::Event(SessionEvent::ClaimsChanged(_), _) => self.clone(),
        }
    }

    fn answered(&self, status: AuthStatus, now: f64) -> Self {
        let expiring = match status {
            AuthStatus::SignedIn { session, .. } if session.idle_expires_in <= EXPIRING_SOON => {
                Some(Ending::of(session, now))
            }
            _ => None,
        };
        let state = match (AuthState::of(Ok(status), now), &self.state) {
            (AuthState::SignedOut(None), _) if self.ended.is_some() => {
                AuthState::SignedOut(self.ended)
            }
            // Somebody was signed in on this page, and nobody has told why not any more.
            (AuthState::SignedOut(None), AuthState::SignedIn(_)) => {
                AuthState::SignedOut(Some(SignedOutReason::Expired))
            }
            (AuthState::SignedOut(None), AuthState::SignedOut(reason)) => {
                AuthState::SignedOut(*reason)
            }
            (state, _) => state,
        };
        Self {
            expiring,
            ..Self::at_first(state)
        }
    }

    /// No answer is not "signed out": what was known stays, and so does that it may be old.
    fn not_answered(&self, failure: Failure) -> Self {
        let tries = self.tries.saturating_add(1);
        match self.state {
            AuthState::Loading | AuthState::Failed(_) => Self {
                tries,
                ended: self.ended,
                ..Self::at_first(AuthState::Failed(failure))
            },
            AuthState::SignedIn(_) | AuthState::SignedOut(_) => Self {
                trouble: Some(failure),
                tries,
                ..self.clone()
            },
        }
    }
}

impl Reducible for Known {
    type Action = Heard;

    fn reduce(self: Rc<Self>, heard: Heard) -> Rc<Self> {
        self.hear(heard).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{Claims, ClaimsChanged, SessionTimes, SignedOut};

    fn signed_in(idle_expires_in: i64) -> AuthStatus {
        AuthStatus::SignedIn {
            claims: Box::new(Claims {
                sub: "ada".to_owned(),
                ..Claims::default()
            }),
            session: SessionTimes {
                expires_in: 1_209_600,
                idle_expires_in,
            },
            scopes: Vec::new(),
        }
    }

    fn after(heard: impl IntoIterator<Item = Heard>) -> Known {
        let start = Known::at_first(AuthState::Loading);
        heard
            .into_iter()
            .fold(start, |known, heard| known.hear(heard))
    }

    fn answer(status: AuthStatus) -> Heard {
        Heard::Answer(Ok(status), 0.0)
    }

    fn no_answer() -> Heard {
        Heard::Answer(Err(Failure::Unreachable), 0.0)
    }

    fn told(reason: SignedOutReason) -> Heard {
        Heard::Event(SessionEvent::SignedOut(SignedOut { reason }), 0.0)
    }

    fn expiring() -> Heard {
        let event = SessionEvent::Expiring(SessionTimes {
            expires_in: 1_000,
            idle_expires_in: 299,
        });
        Heard::Event(event, 1_000.0)
    }

    #[test]
    fn an_answer_that_did_not_come_never_means_signed_out() {
        let known = after([answer(signed_in(86_400)), no_answer(), no_answer()]);
        assert!(known.state.person().is_some());
        assert_eq!(
            (known.trouble, known.tries),
            (Some(Failure::Unreachable), 2)
        );

        let known = after([no_answer()]);
        assert_eq!(known.state, AuthState::Failed(Failure::Unreachable));
        assert!(known.is_in_trouble());
    }

    #[test]
    fn an_answer_ends_the_trouble() {
        let known = after([
            answer(signed_in(86_400)),
            no_answer(),
            answer(signed_in(86_400)),
        ]);
        assert_eq!((known.trouble, known.tries), (None, 0));
        assert!(!known.is_in_trouble());
    }

    #[test]
    fn the_reason_that_was_told_outlives_the_answer_that_confirms_it() {
        let reason = SignedOutReason::AccountClosed;
        let known = after([
            answer(signed_in(86_400)),
            told(reason),
            answer(AuthStatus::SignedOut),
        ]);
        assert_eq!(known.state, AuthState::SignedOut(Some(reason)));
    }

    #[test]
    fn an_end_that_was_told_hides_the_person_and_claims_nothing_before_the_status_confirms_it() {
        let reason = SignedOutReason::Provider;
        let known = after([answer(signed_in(86_400)), told(reason)]);
        assert_eq!(known.state, AuthState::Loading);
        let known = known.hear(no_answer());
        assert_eq!(known.state, AuthState::Failed(Failure::Unreachable));
        let known = known.hear(answer(AuthStatus::SignedOut));
        assert_eq!(known.state, AuthState::SignedOut(Some(reason)));
    }

    #[test]
    fn whoever_is_signed_out_without_a_word_is_told_that_time_is_over() {
        let known = after([answer(signed_in(86_400)), answer(AuthStatus::SignedOut)]);
        let expired = AuthState::SignedOut(Some(SignedOutReason::Expired));
        assert_eq!(known.state, expired);
        let visitor = after([answer(AuthStatus::SignedOut), answer(AuthStatus::SignedOut)]);
        assert_eq!(visitor.state, AuthState::SignedOut(None));
    }

    #[test]
    fn somebody_who_signs_in_again_leaves_the_reason_behind() {
        let known = after([told(SignedOutReason::SignedOut), answer(signed_in(86_400))]);
        assert!(known.state.person().is_some());
        let known = known.hear(answer(AuthStatus::SignedOut));
        let expired = AuthState::SignedOut(Some(SignedOutReason::Expired));
        assert_eq!(known.state, expired);
    }

    #[test]
    fn a_warning_stays_until_the_session_is_renewed() {
        let warned = after([answer(signed_in(86_400)), expiring()]);
        let ending = |at| {
            Some(Ending {
                at,
                can_be_renewed: true,
            })
        };
        assert_eq!(warned.expiring, ending(300_000.0));
        let asked = warned.hear(Heard::Answer(Ok(signed_in(200)), 100_000.0));
        assert_eq!(asked.expiring, ending(300_000.0));
        assert_eq!(asked.hear(answer(signed_in(86_400))).expiring, None);
        assert_eq!(asked.hear(told(SignedOutReason::Expired)).expiring, None);
    }

    #[test]
    fn changed_claims_change_nothing_until_they_are_known() {
        let before = after([answer(signed_in(86_400))]);
        let changed = Heard::Event(SessionEvent::ClaimsChanged(ClaimsChanged {}), 0.0);
        assert_eq!(before.hear(changed), before);
    }

    #[test]
    fn what_is_not_to_be_trusted_is_forgotten() {
        let known = after([answer(signed_in(86_400)), expiring(), Heard::Forget]);
        assert_eq!(known, Known::at_first(AuthState::Loading));
    }
}
