//! How long to wait before asking again a bff that did not answer.

/// The first pause, and the longest, in milliseconds.
const FIRST: u32 = 2_000;
const LONGEST: u32 = 30_000;

/// The pause after so many tries, in milliseconds: twice as long each time, spread by a quarter either way so that the
/// pages that lost a bff together do not come back together. `random` is from 0 to 1.
pub(crate) fn pause(tries: u32, random: f64) -> u32 {
    let pause = FIRST
        .saturating_mul(2_u32.saturating_pow(tries))
        .min(LONGEST);
    let spread = 0.75 + random.clamp(0.0, 1.0) / 2.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most 37,500, and not negative"
    )]
    let pause = (f64::from(pause) * spread) as u32;
    pause
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_half_a_minute() {
        let pauses: Vec<_> = [0, 1, 2, 3, 4, 40, u32::MAX]
            .map(|tries| pause(tries, 0.5))
            .into();
        assert_eq!(
            pauses,
            [2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]
        );
    }

    #[test]
    fn chance_spreads_them_by_a_quarter() {
        assert_eq!((pause(0, 0.0), pause(0, 1.0)), (1_500, 2_500));
        assert_eq!((pause(9, 0.0), pause(9, 1.0)), (22_500, 37_500));
    }
}
