//! What this page knows about the session, and how each action changes it. Pure: effects are elsewhere.

use super::{AuthState, Ending};
use crate::api::Failure;
use shared::{AuthStatus, EXPIRING_SOON, SessionEvent, SignedOutReason};
use std::rc::Rc;
use yew::Reducible;

/// What this page knows about the session.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Knowledge {
    pub(super) state: AuthState,
    pub(super) expiring: Option<Ending>,
    /// Why the session has ended, by an event that the status has not confirmed yet.
    ended: Option<SignedOutReason>,
    /// Why the last request for the status failed; the state is then older than that.
    pub(super) trouble: Option<Failure>,
    /// How many requests for the status have failed since the last one that did not.
    pub(super) tries: u32,
}

/// What may change it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Action {
    /// What is known may be wrong: forget it.
    Forget,
    /// The bff's response to a request for the status, and when it came.
    Answer(Result<AuthStatus, Failure>, f64),
    /// An event of the session, and when it came.
    Event(SessionEvent, f64),
}

impl Knowledge {
    pub(super) const fn at_first(state: AuthState) -> Self {
        Self {
            state,
            expiring: None,
            ended: None,
            trouble: None,
            tries: 0,
        }
    }

    /// Whether to request the status again, after a while.
    pub(super) const fn is_in_trouble(&self) -> bool {
        self.trouble.is_some() || matches!(self.state, AuthState::Failed(_))
    }

    fn apply(&self, action: Action) -> Self {
        match action {
            Action::Forget => Self::at_first(AuthState::Loading),
            Action::Answer(Ok(status), now) => self.answered(status, now),
            Action::Answer(Err(failure), _) => self.not_answered(failure),
            // It may have been an earlier session, so the status decides; but nothing about the person stays on the page.
            Action::Event(SessionEvent::SignedOut(told), _) => Self {
                ended: Some(told.reason),
                ..Self::at_first(match self.state {
                    AuthState::SignedOut(_) => self.state.clone(),
                    _ => AuthState::Loading,
                })
            },
            Action::Event(SessionEvent::Expiring(times), now) => Self {
                expiring: Some(Ending::of(times, now)),
                ..self.clone()
            },
            // The event does not have the new claims; the status has.
            Action::Event(SessionEvent::ClaimsChanged(_), _) => self.clone(),
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
            // The person was signed in on this page, and no event has said why the session ended.
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

    /// A failed request does not mean "signed out": what was known stays, marked as possibly old.
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

impl Reducible for Knowledge {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        self.apply(action).into()
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

    fn after(actions: impl IntoIterator<Item = Action>) -> Knowledge {
        let start = Knowledge::at_first(AuthState::Loading);
        actions
            .into_iter()
            .fold(start, |known, action| known.apply(action))
    }

    fn answer(status: AuthStatus) -> Action {
        Action::Answer(Ok(status), 0.0)
    }

    fn no_answer() -> Action {
        Action::Answer(Err(Failure::Unreachable), 0.0)
    }

    fn told(reason: SignedOutReason) -> Action {
        Action::Event(SessionEvent::SignedOut(SignedOut { reason }), 0.0)
    }

    fn expiring() -> Action {
        let event = SessionEvent::Expiring(SessionTimes {
            expires_in: 1_000,
            idle_expires_in: 299,
        });
        Action::Event(event, 1_000.0)
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
        let known = known.apply(no_answer());
        assert_eq!(known.state, AuthState::Failed(Failure::Unreachable));
        let known = known.apply(answer(AuthStatus::SignedOut));
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
        let known = known.apply(answer(AuthStatus::SignedOut));
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
        let asked = warned.apply(Action::Answer(Ok(signed_in(200)), 100_000.0));
        assert_eq!(asked.expiring, ending(300_000.0));
        assert_eq!(asked.apply(answer(signed_in(86_400))).expiring, None);
        assert_eq!(asked.apply(told(SignedOutReason::Expired)).expiring, None);
    }

    #[test]
    fn changed_claims_change_nothing_until_they_are_known() {
        let before = after([answer(signed_in(86_400))]);
        let changed = Action::Event(SessionEvent::ClaimsChanged(ClaimsChanged {}), 0.0);
        assert_eq!(before.apply(changed), before);
    }

    #[test]
    fn what_is_not_to_be_trusted_is_forgotten() {
        let known = after([answer(signed_in(86_400)), expiring(), Action::Forget]);
        assert_eq!(known, Knowledge::at_first(AuthState::Loading));
    }
}
