//! Deletes expired rows from time to time, so that the file does not grow forever.

use crate::{
    domain::lifetime,
    store::{Seconds, Store, StoreError},
};
use std::sync::atomic::Ordering;

/// Seconds between two sweeps.
const PAUSE: Seconds = 10 * 60;

impl Store {
    /// Sweeps if the last sweep was long enough ago.
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
            ("DELETE FROM pushed_requests WHERE expires_at <= ?", now),
            ("DELETE FROM client_assertions WHERE expires_at <= ?", now),
            ("DELETE FROM sign_outs WHERE expires_at <= ?", now),
            (
                "DELETE FROM messages WHERE sent_at <= ?",
                now - lifetime::MESSAGE_WINDOW,
            ),
            (
                "DELETE FROM wrong_codes WHERE tried_at <= ?",
                now - lifetime::WRONG_CODE_WINDOW,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::SignOut;
    use connector_aliyun_sms::PhoneNumber;

    async fn rows(store: &Store) -> (i64, i64) {
        let count = |statement| sqlx::query_scalar(statement).fetch_one(&store.pool);
        (
            count("SELECT count(*) FROM messages").await.unwrap(),
            count("SELECT count(*) FROM sign_outs").await.unwrap(),
        )
    }

    #[tokio::test]
    async fn what_has_expired_goes_at_the_next_sweep_and_the_rest_stays() {
        let store = Store::open_memory().await.unwrap();
        let phone = PhoneNumber::from_digits("8613944668173").unwrap();
        let sign_out = SignOut {
            session_uid: None,
            application_id: None,
            redirect_uri: None,
            state: None,
        };
        let began = 1_000_000;
        for (digest, sent_at, expires_at) in
            [(b"a", began, began + 100), (b"b", began + 500, began + 900)]
        {
            assert!(store.count_message(&phone, sent_at).await.unwrap());
            store
                .keep_sign_out(digest, &sign_out, expires_at)
                .await
                .unwrap();
        }
        store.sweep(began).await.unwrap();
        assert_eq!(rows(&store).await, (2, 2));
        store.sweep(began + PAUSE - 1).await.unwrap();
        assert_eq!(rows(&store).await, (2, 2));
        store.sweep(began + PAUSE).await.unwrap();
        assert_eq!(rows(&store).await, (1, 1));
    }
}
