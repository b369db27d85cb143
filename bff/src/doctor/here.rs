//! Checks of this machine and of the session store.

use super::{
    Finding::{self, Fine, Warning, Wrong},
    facts::Facts,
};
use crate::{config::StoreConfig, request::cookies::CookieNames};
use std::time::Duration;

/// Every request of a person who is signed in waits for the store.
const SLOW: Duration = Duration::from_millis(500);

/// There are no facts without settings: wrong ones have ended the program before.
pub(super) fn settings(_: &Facts) -> Finding {
    Fine("complete".to_owned())
}

pub(super) fn frontend(facts: &Facts) -> Finding {
    match &facts.page {
        Ok(true) => Fine("FRONTEND_DIST has this version's page".to_owned()),
        Ok(false) => Wrong(
            "FRONTEND_DIST has no index.html, so people get 503".to_owned(),
            "build it with `cargo xtask dist`, or let FRONTEND_DIST name the folder; while `trunk serve` shows the page this is as it should be",
        ),
        Err(cause) => Wrong(
            cause.clone(),
            "build the frontend of the same version with `cargo xtask dist`",
        ),
    }
}

pub(super) fn cookie(facts: &Facts) -> Finding {
    let names = CookieNames::new(&facts.base_url);
    Fine(if names.secure {
        format!("`{}`, Secure", names.session)
    } else {
        format!(
            "`{}`, not Secure, for BASE_URL is on this machine",
            names.session
        )
    })
}

pub(super) fn reverse_proxy(facts: &Facts) -> Finding {
    let behind_proxy = facts.base_url.is_https() && facts.listen.ip().is_loopback();
    if facts.trusts_proxies {
        Fine("TRUSTED_PROXIES says whose X-Forwarded-For is believed".to_owned())
    } else if behind_proxy {
        Warning(
            "BASE_URL is https and LISTEN on this machine, so there is a proxy, and TRUSTED_PROXIES does not name it: all people share one limit of sign-ins".to_owned(),
            "set TRUSTED_PROXIES to the proxy's CIDR, e.g. 127.0.0.1/32",
        )
    } else {
        Fine("none is believed".to_owned())
    }
}

pub(super) fn store(facts: &Facts) -> Finding {
    match (&facts.stored_in, &facts.store) {
        (Err(cause), _) => Wrong(
            cause.clone(),
            "start the server that SESSION_STORE names, or mend its address, account and rights; the folder of a SQLite file must be writable",
        ),
        (Ok(_), StoreConfig::Memory) => Warning(
            "sessions are in memory and end with this process".to_owned(),
            "set SESSION_STORE to sqlite:PATH for one instance, or to postgres://… or redis://… for several",
        ),
        (Ok(took), _) if *took > SLOW => Warning(
            format!("written, read and deleted in {} ms", took.as_millis()),
            "move the store nearer to this machine, or look at its load",
        ),
        (Ok(took), _) => Fine(format!(
            "written, read and deleted in {} ms",
            took.as_millis()
        )),
    }
}

pub(super) fn redis_eviction(facts: &Facts) -> Option<Finding> {
    let said = facts.redis.as_ref()?.eviction.as_deref();
    let mend = "set `maxmemory-policy noeviction`: a session that is evicted signs a person out";
    Some(match said {
        Some("noeviction") => Fine("noeviction".to_owned()),
        Some(policy) => Warning(format!("maxmemory-policy is {policy}"), mend),
        None => Warning("it does not say its maxmemory-policy".to_owned(), mend),
    })
}

pub(super) fn redis_persistence(facts: &Facts) -> Option<Finding> {
    let said = facts.redis.as_ref()?.appends;
    let mend = "set `appendonly yes`: without it a restart of Redis signs people out";
    Some(match said {
        Some(true) => Fine("appendonly is on".to_owned()),
        Some(false) => Warning("appendonly is off".to_owned(), mend),
        None => Warning("it does not say whether appendonly is on".to_owned(), mend),
    })
}
