//! Every event that the bff logs. A test of this package looks for each in the sources.

/// An event and what it says.
pub struct Event {
    /// Its name.
    pub name: &'static str,
    /// The level that it is logged with.
    pub level: &'static str,
    /// What it says, in Markdown.
    pub meaning: &'static str,
}

impl Event {
    const fn new(name: &'static str, level: &'static str, meaning: &'static str) -> Self {
        Self {
            name,
            level,
            meaning,
        }
    }
}

/// Every event.
pub const EVENTS: &[Event] = &[
    Event::new("started", "INFO", "The bff listens; with its addresses."),
    Event::new(
        "connections.limited",
        "WARN",
        "The hard limit of open files (`ulimit -Hn`, `LimitNOFILE` of systemd) lets only `places` connections of browsers be open at a time; further ones wait. 8,192 need a limit of 16,512.",
    ),
    Event::new(
        "stopping",
        "INFO",
        "It was asked to stop. `/readyz` says so, new connections are accepted for `SHUTDOWN_DELAY_SECONDS`, and then requests under way get 25 seconds.",
    ),
    Event::new(
        "stopping.at_once",
        "INFO",
        "A second signal came during the stop: nothing is waited for any more.",
    ),
    Event::new(
        "request.other_host",
        "INFO",
        "Somebody came by another host name than that of `BASE_URL`, and was led there. If everybody is, for ever, a proxy does not pass on the `Host` that browsers send: nginx needs `proxy_set_header Host $host`.",
    ),
    Event::new(
        "session.foreign_cookie",
        "INFO",
        "A cookie has the `name` of the session cookie and is not ours. Another server of this host has set it, or the browser has two sessions, and then nobody is signed in. Remove it in the browser.",
    ),
    Event::new(
        "frontend.missing",
        "WARN",
        "`FRONTEND_DIST` has no page. People get 503 until `cargo xtask dist` has run and the bff was started again; in development this is normal.",
    ),
    Event::new(
        "request",
        "INFO",
        "A request was answered: `method`, `path`, `status`, `ms`. Never a query, for a callback's holds a code.",
    ),
    Event::new(
        "request.refused",
        "INFO",
        "The request deserved no better; `code` is one of the problems above.",
    ),
    Event::new(
        "request.failed",
        "ERROR",
        "A fault of ours, of the store or of the provider; `code` is one of the problems above, `cause` has the reason.",
    ),
    Event::new(
        "request.panicked",
        "ERROR",
        "A programming error. The line `panicked at` before it has the place: please report it.",
    ),
    Event::new("sign_in.done", "INFO", "A person was signed in."),
    Event::new(
        "sign_in.taken_back",
        "INFO",
        "The browser hung up, the request took too long, or the sign-in could not be finished: its session is ended now, if it has one, and its refresh token revoked.",
    ),
    Event::new(
        "sign_in.not_ended",
        "WARN",
        "The session of a sign-in that is taken back could not be ended. Nobody has its cookie, and it ends by itself. `cause` has the store's words.",
    ),
    Event::new("refresh.done", "INFO", "A session has a new access token."),
    Event::new(
        "refresh.not_stored_yet",
        "WARN",
        "The provider gave new tokens, and the store did not take them; it is tried again for half a minute, and longer when the store hangs, so that no refresh token is lost. `cause` has the store's words.",
    ),
    Event::new(
        "refresh.failed",
        "WARN",
        "An access token could not be renewed; `cause` says why. If the provider refuses the person (`invalid_grant`, `access_denied`, `login_required`, `interaction_required`) or names another one, the session has ended. Otherwise it lives on, and it is tried again later and later; with `invalid_client` or `invalid_request`, look at LOGTO_APP_SECRET.",
    ),
    Event::new(
        "session.ended_by_person",
        "INFO",
        "A person ended one of their sessions from the list of them.",
    ),
    Event::new(
        "store.connection_replaced",
        "WARN",
        "The connection to Redis is given up for a new one; `cause` says why. Once is a failover, or a network that lost it without a word. Again and again: Redis is too slow, or the address leads to a replica.",
    ),
    Event::new(
        "store.listening_failed",
        "WARN",
        "This instance does not hear what others tell; `cause` says why. It tries again, and open pages look by themselves every 15 seconds.",
    ),
    Event::new(
        "store.notice_lost",
        "WARN",
        "Other instances were not told of an end of sessions or of changed claims; `cause` has the store's words. What happened has happened all the same: open pages find out within 15 seconds.",
    ),
    Event::new(
        "revocation.failed",
        "WARN",
        "A refresh token that nobody uses any more (after a sign-out, or a sign-in that was taken back) could not be revoked; `cause` says why. It ends by itself when its life is over.",
    ),
    Event::new(
        "back_channel_logout.done",
        "INFO",
        "The provider ended sessions, or asked to end some that were not there.",
    ),
    Event::new(
        "webhook.sessions_ended",
        "INFO",
        "Logto's webhook ended the sessions of a person; `cause` is Logto's name of the event.",
    ),
    Event::new(
        "claims.left_out",
        "WARN",
        "Claims of an ID token or of userinfo have an unexpected shape and are left out; `claims` names them. The sign-in goes on. Mend them at the provider.",
    ),
    Event::new(
        "discovery.failed",
        "WARN",
        "The provider's discovery document or keys could not be had; `cause` says why. With `kept_old=true` the old ones still serve.",
    ),
    Event::new(
        "discovery.private_keys",
        "ERROR",
        "The provider publishes the private part of `ignored` keys: they verify nothing here, and it should make new ones.",
    ),
    Event::new(
        "sessions.swept",
        "INFO",
        "Expired sessions were deleted; `sessions` says how many.",
    ),
    Event::new(
        "sessions.sweep_failed",
        "WARN",
        "Expired sessions could not be deleted; `cause` has the store's words. They are dead all the same.",
    ),
    Event::new(
        "sessions.not_counted",
        "WARN",
        "The store did not say how many sessions there are; `cause` has its words. The metric `bff_sessions` stays as it was.",
    ),
    Event::new(
        "traces.not_sent",
        "WARN",
        "The collector (`OTEL_EXPORTER_OTLP_ENDPOINT`) does not take traces; `cause` says why. Said once until it does again; what could not be sent is lost.",
    ),
    Event::new(
        "traces.sent_again",
        "INFO",
        "The collector takes traces again.",
    ),
];
