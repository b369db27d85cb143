//! `bff doctor`: checks the settings, the store and the provider before the first person signs in. The checks of store and
//! provider are in the crate `sign-in-checks`.

use crate::{Config, page::Pages, request::cookies::CookieNames};
use clock::Clock;
use shared::Prompt;
use sign_in_checks::{Report, check_provider, check_store};

/// Runs all checks, in the order in which a fault is best looked for.
pub async fn run(config: Config, clock: Clock) -> Report {
    let mut report = Report::default();
    check_settings(&config, &mut report);
    let keys = config.keys("stored session");
    check_store(&config.session.store, keys, &clock, &mut report).await;
    check_provider(&config.provider, &clock, &mut report).await;
    report
}

fn check_settings(config: &Config, report: &mut Report) {
    // With wrong settings the program has already ended.
    report.fine("settings", "complete");
    frontend(config, report);
    cookie(config, report);
    reverse_proxy(config, report);
    refresh_token(config, report);
}

fn frontend(config: &Config, report: &mut Report) {
    let pages = Pages::read(&config.frontend_dist).map(|pages| pages.is_there());
    match pages {
        Ok(true) => report.fine("frontend", "FRONTEND_DIST has this version's page"),
        Ok(false) => report.wrong(
            "frontend",
            "FRONTEND_DIST has no index.html, so people get 503",
            "build it with `cargo xtask dist`, or let FRONTEND_DIST name the folder; while `trunk serve` shows the page this is as it should be",
        ),
        Err(cause) => report.wrong(
            "frontend",
            cause,
            "build the frontend of the same version with `cargo xtask dist`",
        ),
    }
}

fn cookie(config: &Config, report: &mut Report) {
    let names = CookieNames::new(&config.base_url);
    let kind = if names.secure {
        "Secure"
    } else {
        "not Secure, for BASE_URL is on this machine"
    };
    report.fine("cookie", format!("`{}`, {kind}", names.session));
}

fn reverse_proxy(config: &Config, report: &mut Report) {
    let behind_proxy = config.base_url.is_https() && config.listen.is_loopback();
    let check = "reverse proxy";
    if !config.trusted_proxies.is_empty() {
        report.fine(
            check,
            "TRUSTED_PROXIES says whose X-Forwarded-For is believed",
        );
    } else if behind_proxy {
        report.warn(
            check,
            "BASE_URL is https and LISTEN on this machine, so there is a proxy, and TRUSTED_PROXIES does not name it: all people share one limit of sign-ins",
            "set TRUSTED_PROXIES to the proxy's CIDR, e.g. 127.0.0.1/32",
        );
    } else {
        report.fine(check, "none is believed");
    }
}

fn refresh_token(config: &Config, report: &mut Report) {
    let mut scopes = config.provider.scopes.iter();
    let is_offline = scopes.any(|scope| scope.as_str() == "offline_access");
    if is_offline && config.provider.prompt.contains(&Prompt::Consent) {
        report.fine("refresh token", "asked for");
    } else {
        report.warn(
            "refresh token",
            "Logto gives none, unless the application has alwaysIssueRefreshToken; without one an access token that has expired is not renewed",
            "let LOGTO_SCOPES have offline_access and LOGTO_PROMPT have consent",
        );
    }
}
