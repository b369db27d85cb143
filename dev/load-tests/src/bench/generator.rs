//! The load: browsers that ask the same again and again. It shares the processors with the server.

use crate::test_browser::{Http, NAVIGATION};
use anyhow::{Result, bail, ensure};
use reqwest::{Method, StatusCode, header::COOKIE};
use std::{sync::Arc, time::Duration};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep_until},
};

/// What every right answer contains.
const PROOF: &str = "\"isAuthenticated\":true";
/// More requests without an answer mean that the server cannot keep up.
const MOST_UNANSWERED: usize = 2_000;

/// What one browser asks.
pub(super) struct Client {
    pub(super) http: Http,
    pub(super) port: u16,
    pub(super) target: &'static str,
    pub(super) cookie: String,
}

impl Client {
    /// Asks once.
    ///
    /// # Errors
    /// When the answer is not that of a signed-in person.
    async fn ask(&self) -> Result<()> {
        let headers = [
            NAVIGATION[0],
            NAVIGATION[1],
            (COOKIE.as_str(), &self.cookie),
        ];
        let answer = self
            .http
            .ask(self.port, Method::GET, self.target, &headers, "")
            .await;
        let Ok(answer) = answer else {
            bail!("`{}` was not answered", self.target);
        };
        let is_right = answer.status == StatusCode::OK
            && std::str::from_utf8(&answer.body).is_ok_and(|body| body.contains(PROOF));
        ensure!(
            is_right,
            "`{}` was answered {} and not as to a signed-in person",
            self.target,
            answer.status
        );
        Ok(())
    }
}

/// Lets each client send one request after another for this time. Returns the number of responses.
pub(super) async fn ask_for(duration: Duration, clients: &[Arc<Client>]) -> Result<u32> {
    let until = Instant::now() + duration;
    let mut asking = JoinSet::new();
    for client in clients {
        let client = client.clone();
        asking.spawn(async move {
            let mut answers = 0;
            while Instant::now() < until {
                client.ask().await?;
                answers += 1;
            }
            anyhow::Ok(answers)
        });
    }
    asking.join_all().await.into_iter().sum()
}

/// Lets all ask so many times together, each again as soon as it is answered.
pub(super) async fn ask_times(times: u32, clients: &[Arc<Client>]) -> Result<()> {
    let each = times / u32::try_from(clients.len())?;
    let mut asking = JoinSet::new();
    for client in clients {
        let client = client.clone();
        asking.spawn(async move {
            for _ in 0..each {
                client.ask().await?;
            }
            anyhow::Ok(())
        });
    }
    asking.join_all().await.into_iter().collect()
}

/// Sends this many requests a second for this time, whether or not responses come, from each client in turn. Returns the
/// duration of each response, sorted; `None` if the server cannot keep up.
pub(super) async fn ask_at(
    per_second: u32,
    duration: Duration,
    clients: &[Arc<Client>],
) -> Result<Option<Vec<Duration>>> {
    let (begin, pause) = (Instant::now(), Duration::from_secs(1) / per_second);
    let mut asking = JoinSet::new();
    let mut latencies = Vec::new();
    for (number, client) in (0..).zip(clients.iter().cycle()) {
        let at = begin + pause * number;
        if at > begin + duration {
            break;
        }
        sleep_until(at).await;
        let client = client.clone();
        asking.spawn(async move {
            let asked_at = Instant::now();
            client.ask().await?;
            anyhow::Ok(asked_at.elapsed())
        });
        while let Some(answered) = asking.try_join_next() {
            latencies.push(answered??);
        }
        if asking.len() >= MOST_UNANSWERED {
            return Ok(None);
        }
    }
    while let Some(answered) = asking.join_next().await {
        latencies.push(answered??);
    }
    latencies.sort_unstable();
    Ok(Some(latencies))
}
