//! Throwing away what has expired, now and then, so that the file does not grow for ever.

use crate::{
    domain::lifetime,
    store::{Seconds, Store, StoreError},
};
use std::sync::atomic::Ordering;

/// Seconds between two sweeps.
const PAUSE: Seconds = 10 * 60;

impl Store {
    /// Sweeps if the last sweep is long enough ago.
    pub(crate) async fn sweep(&self, now: Seconds) -> Result<(), StoreError> {
        let last = self.swept_at.load(Ordering::Relaxed);
        let ours = now - last >= PAUSE
            && self
                .swept_at
                .compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
        if !ours {
            return Ok(());
        }
        let statements = [
            ("DELETE FROM interactions WHERE expires_at <= ?", now),
            ("DELETE FROM sign_outs WHERE expires_at <= ?", now),
            (
                "DELETE FROM messages WHERE sent_at <= ?",
                now - lifetime::MESSAGE_WINDOW,
            ),
            (
                "DELETE FROM authorization_codes WHERE expires_at <= ?",
                now - lifetime::USED_AUTHORIZATION_CODE,
            ),
            ("DELETE FROM access_tokens WHERE expires_at <= ?", now),
            ("DELETE FROM refresh_tokens WHERE expires_at <= ?", now),
            ("DELETE FROM sessions WHERE expires_at <= ?", now),
        ];
        for (statement, before) in statements {
            sqlx::query(statement)
                .bind(before)
                .execute(&self.pool)
                .await?;
        }
        sqlx::query(
            "DELETE FROM grants WHERE id NOT IN (SELECT grant_id FROM participations
             UNION SELECT grant_id FROM authorization_codes UNION SELECT grant_id FROM access_tokens
             UNION SELECT grant_id FROM refresh_tokens)",
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
