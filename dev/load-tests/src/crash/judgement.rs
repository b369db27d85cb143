//! The invariants: whether a session's answers after a crash are what its person may expect.

use super::ledger::Fate;

/// What a session answered after the crash.
pub(super) struct Answers {
    /// `/api/auth/status` at every instance; none when there was no answer but faults.
    pub(super) before: Vec<Option<bool>>,
    /// The status of `/api/auth/user-info`, asked after every access token had expired; 0 when there was none.
    pub(super) user_info: u16,
    /// `/api/auth/status` at every instance, once more.
    pub(super) after: Vec<Option<bool>>,
}

/// What became of a session that broke no rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Alive,
    Dead,
    /// It ended when it was used, because its refresh token had been spent for a bff that was killed.
    LostItsRefresh,
}

/// Judges a session.
///
/// - All instances say the same of a session, and say it again when they are asked again.
/// - (a) No session is half alive. One that says that somebody is signed in has tokens that work: user-info gives 200, for
///   the provider is never down here.
/// - (b) No session is alive after an end of it was acknowledged.
/// - (c) No session is lost whose sign-in was acknowledged and whose end nobody asked for, and neither is its refresh
///   token: every access token has expired when user-info is asked.
///
/// One exception is the protocol's. A bff that is killed between a refresh and its own store takes the new refresh token
/// with it. Its lease keeps others from the old one for a while, and the provider takes that one for three seconds. So
/// a session with a request that may refresh, at a bff that was killed before it answered (`refresh_unanswered`), may end
/// when it is used next, by 401, and is signed out then. So may one that was visited at a bff which was killed in the same
/// round: a visit is answered while the refresh that it began still runs. A store that is killed is no such excuse: the bff lives, holds
/// the new token, and goes on trying to store it.
pub(super) fn judge(
    fate: Fate,
    refresh_unanswered: bool,
    answers: &Answers,
) -> Result<Outcome, &'static str> {
    let before = one(&answers.before)?;
    let after = one(&answers.after)?;
    let may_end_with_its_refresh = refresh_unanswered && fate != Fate::Ended;
    let outcome = match (before, answers.user_info, after) {
        (true, 200, true) => Outcome::Alive,
        (false, 401, false) => Outcome::Dead,
        (true, 401, false) if may_end_with_its_refresh => Outcome::LostItsRefresh,
        (true, 401, false) => return Err("it was alive, and its refresh token was lost (c)"),
        (true, _, true) => return Err("it is half alive: signed in without tokens that work (a)"),
        (false, 200, _) | (false, _, true) => return Err("it came back to life"),
        (true, _, false) => return Err("it ended although its tokens worked"),
        (false, _, false) => return Err("it is signed out, and user-info does not say so"),
    };
    match (fate, outcome) {
        (Fate::Ended, Outcome::Alive) => Err("it is alive after its acknowledged end (b)"),
        // The load may have met the refused refresh before this check did.
        (Fate::Lives, Outcome::Dead) if refresh_unanswered => Ok(Outcome::LostItsRefresh),
        (Fate::Lives, Outcome::Dead) => Err("it is lost (c)"),
        _ => Ok(outcome),
    }
}

/// What all of them say.
fn one(answers: &[Option<bool>]) -> Result<bool, &'static str> {
    let first = answers.first().copied().flatten();
    let first = first.ok_or("its status is not answered")?;
    let all = answers.iter().all(|answer| *answer == Some(first));
    all.then_some(first)
        .ok_or("its status is not the same everywhere")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(
        fate: Fate,
        excused: bool,
        before: bool,
        user_info: u16,
        after: bool,
    ) -> Option<Outcome> {
        let answers = Answers {
            before: vec![Some(before); 2],
            user_info,
            after: vec![Some(after); 2],
        };
        judge(fate, excused, &answers).ok()
    }

    #[test]
    fn a_session_is_wholly_alive_or_wholly_dead_as_its_fate_allows() {
        for excused in [false, true] {
            let alive = |fate| judged(fate, excused, true, 200, true);
            assert_eq!(alive(Fate::Lives), Some(Outcome::Alive));
            assert_eq!(alive(Fate::Either), Some(Outcome::Alive));
            assert_eq!(alive(Fate::Ended), None);
            let dead = |fate| judged(fate, excused, false, 401, false);
            assert_eq!(dead(Fate::Either), Some(Outcome::Dead));
            assert_eq!(dead(Fate::Ended), Some(Outcome::Dead));
            assert_eq!(
                dead(Fate::Lives),
                excused.then_some(Outcome::LostItsRefresh)
            );
        }
    }

    #[test]
    fn only_a_refresh_that_died_with_its_bff_excuses_an_end_by_401() {
        for fate in [Fate::Lives, Fate::Either, Fate::Ended] {
            assert_eq!(judged(fate, false, true, 401, false), None, "{fate:?}");
        }
        let excused = |fate| judged(fate, true, true, 401, false);
        assert_eq!(excused(Fate::Lives), Some(Outcome::LostItsRefresh));
        assert_eq!(excused(Fate::Either), Some(Outcome::LostItsRefresh));
        assert_eq!(excused(Fate::Ended), None, "it was alive, though");
    }

    #[test]
    fn nothing_else_is_excused_by_anything() {
        for user_info in [0, 200, 401, 403, 500, 503, 504] {
            for (before, after) in [(true, true), (true, false), (false, true), (false, false)] {
                let right = matches!(
                    (before, user_info, after),
                    (true, 200, true) | (false | true, 401, false)
                );
                let outcome = judged(Fate::Either, true, before, user_info, after);
                assert_eq!(outcome.is_some(), right, "{before} {user_info} {after}");
            }
        }
    }

    #[test]
    fn instances_must_answer_and_agree() {
        for before in [
            vec![Some(true), Some(false)],
            vec![Some(true), None],
            vec![None],
            vec![],
        ] {
            let answers = Answers {
                before,
                user_info: 200,
                after: vec![Some(true)],
            };
            assert!(judge(Fate::Either, true, &answers).is_err());
        }
    }
}
