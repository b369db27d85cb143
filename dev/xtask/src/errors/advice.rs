//! What an operator should know of each problem code. A new code does not compile without an entry.

use shared::ProblemCode as Code;

pub(super) struct Advice {
    /// What has happened.
    pub(super) when: &'static str,
    /// What the operator does.
    pub(super) operator: &'static str,
    pub(super) reader: Reader,
    /// What the log has, where that is not just the one line with the code.
    pub(super) log: Option<&'static str>,
}

/// Who gets the answer.
pub(super) enum Reader {
    Person,
    Program,
}

pub(super) const fn advice(code: Code) -> Advice {
    match code {
        Code::AccessDenied => ACCESS_DENIED,
        Code::UnknownSignIn => UNKNOWN_SIGN_IN,
        Code::InteractionRequired => INTERACTION_REQUIRED,
        Code::ProviderRefused => PROVIDER_REFUSED,
        Code::InvalidResponse => INVALID_RESPONSE,
        Code::CodeRefused => CODE_REFUSED,
        Code::InvalidIdToken => INVALID_ID_TOKEN,
        Code::InvalidUserInfo => INVALID_USER_INFO,
        Code::ProviderUnavailable => PROVIDER_UNAVAILABLE,
        Code::StoreUnavailable => STORE_UNAVAILABLE,
        Code::NotSignedIn => NOT_SIGNED_IN,
        Code::CrossSite => CROSS_SITE,
        Code::NotANavigation => NOT_A_NAVIGATION,
        Code::InvalidRequest => INVALID_REQUEST,
        Code::InvalidLogoutToken => INVALID_LOGOUT_TOKEN,
        Code::InvalidWebhook => INVALID_WEBHOOK,
        Code::NotFound => NOT_FOUND,
        Code::MethodNotAllowed => METHOD_NOT_ALLOWED,
        Code::RateLimited => RATE_LIMITED,
        Code::Busy => BUSY,
        Code::PayloadTooLarge => PAYLOAD_TOO_LARGE,
        Code::TimedOut => TIMED_OUT,
        Code::Internal => INTERNAL,
    }
}

impl Advice {
    const fn new(when: &'static str, operator: &'static str) -> Self {
        Self {
            when,
            operator,
            reader: Reader::Person,
            log: None,
        }
    }

    const fn for_a_program(self) -> Self {
        Self {
            reader: Reader::Program,
            ..self
        }
    }

    const fn logged_as(self, log: &'static str) -> Self {
        Self {
            log: Some(log),
            ..self
        }
    }
}

const ACCESS_DENIED: Advice = Advice::new(
    "The person declined, or a rule of the provider kept them out (`error=access_denied`).",
    "Nothing. If many people meet it, look at the provider's rules: who may register, who is suspended.",
);

const UNKNOWN_SIGN_IN: Advice = Advice::new(
    "No pending sign-in of this browser has the `state` of the callback: it was used, is older than ten minutes, or began in another browser; or `state` is missing, or a parameter came twice.",
    "Nothing, now and then: old tabs and the back button do this. If everybody meets it, the cookie of the pending sign-in does not come back: `BASE_URL` must be the address that people \
     really use, and all instances need the same `COOKIE_SECRET`.",
);

const INTERACTION_REQUIRED: Advice = Advice::new(
    "A sign-in with `prompt=none` found that the person would have to act; or a request needs an access token, and the session's has expired and cannot be renewed.",
    "Nothing, if the app asks with `prompt=none` to see whether somebody is signed in at the provider. Otherwise take `none` out of `LOGTO_PROMPT`. Access tokens are renewed only with a refresh token: \
     Logto gives one when `LOGTO_SCOPES` has `offline_access` and `LOGTO_PROMPT` has `consent`.",
);

const PROVIDER_REFUSED: Advice = Advice::new(
    "The provider answered the authorization request with any other error, or refused one that was pushed (`cause` then has the status).",
    "The provider's log has the reason; its words are not repeated here. Compare the redirect URI, `LOGTO_APP_SECRET`, `LOGTO_SCOPES` and `LOGTO_RESOURCES` with the application there.",
);

const INVALID_RESPONSE: Advice = Advice::new(
    "The `iss` of the authorization response is another issuer's, or missing although the provider promises it; or there is neither a code nor an error.",
    "A wrong `OIDC_ISSUER` shows earlier, so think of a forged answer first. One is chance; a series is somebody who tries. If a proxy stands in between, it must not change the query of `/callback`.",
);

const CODE_REFUSED: Advice = Advice::new(
    "The provider's token endpoint answered with an error, or with something that is no token response.",
    "Read `cause`. `invalid_client`: `LOGTO_APP_ID` or `LOGTO_APP_SECRET` is not that of the application. `invalid_grant`: the code was used, is too old, or `BASE_URL` is not what the provider knows.",
);

const INVALID_ID_TOKEN: Advice = Advice::new(
    "The signature or a claim of an ID token is wrong, at the sign-in or when tokens were renewed.",
    "`cause` says which. An algorithm: give what the provider signs with in `ID_TOKEN_ALGORITHMS`. A time: set the clocks, 60 seconds apart is the most. If it is neither, distrust the provider, or whoever speaks for it.",
);

const INVALID_USER_INFO: Advice = Advice::new(
    "The userinfo endpoint speaks of another person than the ID token did. Its answer is thrown away.",
    "Take it seriously: a cache in front of the provider may mix answers up, or the provider is not what it should be.",
);

const PROVIDER_UNAVAILABLE: Advice = Advice::new(
    "The provider does not answer, answers too late or not as it should, or its discovery document is not usable.",
    "Read `cause`, and the line `event=\"discovery.failed\"` before it. This machine must reach `LOGTO_ENDPOINT`, or `OIDC_INTERNAL_URL` if that is set; `/readyz` says `provider` only until it has been reached once. People who are \
     signed in stay so, and sign-ins work again by themselves.",
);

const STORE_UNAVAILABLE: Advice = Advice::new(
    "Sessions cannot be read or written.",
    "Read `cause`; `/readyz` says `store`. SQLite: look at the disk, and at the rights of the file in `SESSION_STORE`. PostgreSQL or Redis: is it up, does the address in `SESSION_STORE` lead to the primary, may the user make tables? \
     `store.connection_replaced` and `store.listening_failed` in the log say more. Nobody loses a cookie by this: sessions are back with the store.",
)
.logged_as(
    "`event=\"request.failed\" code=\"store_unavailable\"`. A session that could be read and then not saved is `failed to save session` and the code `internal`.",
);

const NOT_SIGNED_IN: Advice = Advice::new(
    "The request needs a session and there is none; or the provider ended it, which the bff learned when it renewed the access token.",
    "Nothing.",
);

const CROSS_SITE: Advice = Advice::new(
    "A request that changes something came without `X-CSRF: 1`, or from another origin.",
    "Nothing, if it was another site. If it was your own page, `BASE_URL` must be what the address bar shows, and a proxy must leave `Origin`, `Sec-Fetch-Site` and `X-CSRF` alone.",
);

const NOT_A_NAVIGATION: Advice = Advice::new(
    "A script, a frame or a prefetch asked for `/sign-in`.",
    "Nothing. A page of yours that does so should have a link in its place.",
);

const INVALID_REQUEST: Advice = Advice::new(
    "A parameter or the body is wrong.",
    "`detail` in the answer says which and is not in the log, for it may repeat the request. Mend the link or the program that asks.",
);

const INVALID_LOGOUT_TOKEN: Advice = Advice::new(
    "The provider, or somebody else, posted a logout token that is missing, wrong or used.",
    "`cause` names what is wrong; where it only repeats the code, there was not exactly one token in a form, or it was used before. If it is your provider that is refused: issuer, `LOGTO_APP_ID`, \
     `ID_TOKEN_ALGORITHMS`, clocks.",
)
.for_a_program();

const INVALID_WEBHOOK: Advice = Advice::new(
    "A call of the webhook has no right signature, is older than ten minutes, or is not what Logto sends.",
    "If it is your Logto that is refused: `LOGTO_WEBHOOK_SIGNING_KEY` must be the key that Logto shows for this webhook, and the clocks must agree.",
)
.for_a_program();

const NOT_FOUND: Advice = Advice::new(
    "There is nothing at this address.",
    "Nothing. If it is Logto's webhook, set `LOGTO_WEBHOOK_SIGNING_KEY`. If it is `/healthz`, `/readyz` or `/metrics`, ask at `ADMIN_LISTEN`.",
)
.logged_as("`event=\"request.refused\" code=\"not_found\"`; for a file below `/assets` only `event=\"request\"` with `status=404`.");

const METHOD_NOT_ALLOWED: Advice = Advice::new(
    "The address is there and does not take this method.",
    "Nothing. A program that meets it must be mended: signing out, for one, is a POST.",
)
.logged_as("`event=\"request\"` with `status=405`, and for most addresses `event=\"request.refused\" code=\"method_not_allowed\"`.");

const RATE_LIMITED: Advice = Advice::new(
    "One address asked for `/sign-in` and `/callback` more often than `SIGN_IN_REQUESTS_PER_MINUTE` allows, or posted so many logout tokens that were refused. Or one session opened a 17th event stream (`/api/auth/events`).",
    "Nothing, if it is one client: the log of the proxy says whose requests were 429, for the bff's log has no addresses. If many people meet it, they share an address: behind a reverse proxy, name it in `TRUSTED_PROXIES`; behind a large network, allow more. If it is the provider at `/backchannel-logout`, look for `invalid_logout_token` before it.",
);

const BUSY: Advice = Advice::new(
    "As many event streams (`/api/auth/events`) are open as there can be: half of the connections, so that there are always some for pages, sign-ins and logout tokens.",
    "Look at `bff_event_streams`. If it grows with the people who are there, start another instance, or allow more open files where `connections.limited` is in the log. If few people have many streams, \
     look for a page that opens streams and does not close them. Pages without a stream work; they learn of changes when they ask.",
)
.for_a_program();

const PAYLOAD_TOO_LARGE: Advice = Advice::new(
    "The body is larger than 16 KiB.",
    "Nothing. No page or provider that belongs here sends so much.",
)
.logged_as("`event=\"request\"` with `status=413`.");

const TIMED_OUT: Advice = Advice::new(
    "The answer was not there after 20 seconds.",
    "Look at the store and at the load of the machine. At `/api/auth/user-info` a provider that is slow several times in a row can cause it, too; everything else that waits for the provider ends earlier.",
)
.logged_as("`event=\"request\"` with `status=504`.");

const INTERNAL: Advice = Advice::new(
    "A fault of the bff, or a session that could not be saved at the end of a request.",
    "`failed to save session`: do as for `store_unavailable`. `request.panicked`: please report it, with the line that says where.",
)
.logged_as("`event=\"request\"` with `status=500`, and before it `event=\"request.panicked\"` or `failed to save session`.");
