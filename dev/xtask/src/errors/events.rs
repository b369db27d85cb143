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
        "The bff received a signal to stop. `/readyz` says so, new connections are accepted for `SHUTDOWN_DELAY_SECONDS`, and then requests under way get 25 seconds.",
    ),
    Event::new(
        "stopping.at_once",
        "INFO",
        "A second signal came during the stop: the bff waits for nothing more.",
    ),
    Event::new(
        "request.other_host",
        "INFO",
        "A browser came by another host name than that of `BASE_URL`, and was redirected there. If every request is redirected again and again, a proxy does not pass on the `Host` that browsers send: nginx needs `proxy_set_header Host $host`.",
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
        "A request and its response: `method`, `path`, `status`, `ms`. Never the query, because that of a callback holds a code.",
    ),
    Event::new(
        "request.refused",
        "INFO",
        "The request was wrong or not allowed; `code` is one of the problems above.",
    ),
    Event::new(
        "request.failed",
        "ERROR",
        "The bff, the store or the provider failed; `code` is one of the problems above, `cause` has the reason.",
    ),
    Event::new(
        "request.panicked",
        "ERROR",
        "A programming error. The line `panicked at` before it names the line of code: please report it.",
    ),
    Event::new("sign_in.done", "INFO", "A person was signed in."),
    Event::new(
        "sign_in.without_sid",
        "WARN",
        "The provider supports back-channel logout, and its ID token has no `sid`: a logout token then ends all sessions of the person, not only those of one device. At Logto, set `backchannelLogoutSessionRequired: true` in the application's `oidcClientMetadata`. This is logged once.",
    ),
    Event::new(
        "sign_in.taken_back",
        "INFO",
        "The browser hung up, the request took too long, or the sign-in could not be finished. The bff ends its session, if there is one, and revokes its refresh token.",
    ),
    Event::new(
        "sign_in.not_ended",
        "WARN",
        "The session of a sign-in that was taken back could not be ended. No browser has its cookie, and it expires. `cause` has the store's error.",
    ),
    Event::new("refresh.done", "INFO", "A session has a new access token."),
    Event::new(
        "refresh.not_stored_yet",
        "WARN",
        "The provider issued new tokens, and the store did not store them. The bff tries again for half a minute, and longer when the store hangs, so that no refresh token is lost. `cause` has the store's error.",
    ),
    Event::new(
        "refresh.failed",
        "WARN",
        "An access token could not be renewed; `cause` says why. If the provider refuses the person (`invalid_grant`, `access_denied`, `login_required`, `interaction_required`) or names another one, the session has ended. Otherwise it stays, and the bff tries again after longer and longer pauses; with `invalid_client` or `invalid_request`, look at LOGTO_APP_SECRET.",
    ),
    Event::new(
        "session.ended_by_person",
        "INFO",
        "A person ended one of their sessions from the list of them.",
    ),
    Event::new(
        "store.connection_replaced",
        "WARN",
        "The bff replaces its connection to Redis; `cause` says why. Once: a failover, or a network that dropped the connection silently. Again and again: Redis is too slow, or the address leads to a replica.",
    ),
    Event::new(
        "store.listening_failed",
        "WARN",
        "This instance receives no notices of other instances; `cause` says why. It tries again, and the bff checks the session of each open page every 15 seconds.",
    ),
    Event::new(
        "store.notice_lost",
        "WARN",
        "Other instances were not notified of an end of sessions or of changed claims; `cause` has the store's error. The change itself is stored, and open pages learn of it within 15 seconds.",
    ),
    Event::new(
        "revocation.failed",
        "WARN",
        "A refresh token that is not needed any more (after a sign-out, or a sign-in that was taken back) could not be revoked; `cause` says why. It expires.",
    ),
    Event::new(
        "back_channel_logout.done",
        "INFO",
        "The provider ended sessions, or named some that do not exist.",
    ),
    Event::new(
        "webhook.sessions_ended",
        "INFO",
        "Logto's webhook ended the sessions of a person; `cause` is Logto's name of the event.",
    ),
    Event::new(
        "claims.left_out",
        "WARN",
        "Claims of an ID token or of userinfo have an unexpected shape and are left out; `claims` names them. The sign-in goes on. Correct them at the provider.",
    ),
    Event::new(
        "discovery.failed",
        "WARN",
        "The provider's discovery document or keys could not be fetched; `cause` says why. With `kept_old=true` the old ones stay in use.",
    ),
    Event::new(
        "discovery.private_keys",
        "ERROR",
        "The provider publishes the private part of `ignored` keys. The bff accepts no signature by them; the provider must replace them.",
    ),
    Event::new(
        "sessions.swept",
        "INFO",
        "Expired sessions were deleted; `sessions` says how many.",
    ),
    Event::new(
        "sessions.sweep_failed",
        "WARN",
        "Expired sessions could not be deleted; `cause` has the store's error. No request can use them.",
    ),
    Event::new(
        "sessions.not_counted",
        "WARN",
        "The store did not count its sessions; `cause` has its error. The metric `bff_sessions` keeps its value.",
    ),
    Event::new(
        "traces.not_sent",
        "WARN",
        "The collector (`OTEL_EXPORTER_OTLP_ENDPOINT`) does not accept traces; `cause` says why. This is logged once until it accepts them again; traces that could not be sent are lost.",
    ),
    Event::new(
        "traces.sent_again",
        "INFO",
        "The collector accepts traces again.",
    ),
];
