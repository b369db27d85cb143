//! The paths of the bff that a browser meets. The router binds them, the frontend calls them.

/// The home page.
pub const HOME: &str = "/";
/// The page with what is known of the person.
pub const ACCOUNT: &str = "/account";
/// The page with the person's sessions.
pub const SESSIONS_PAGE: &str = "/sessions";
/// Starts a sign-in; a top-level navigation with [`SignInOptions`](crate::SignInOptions) as its query.
pub const SIGN_IN: &str = "/sign-in";
/// The redirect URI: where the OpenID Provider answers.
pub const CALLBACK: &str = "/callback";
/// Ends the session (POST).
pub const SIGN_OUT: &str = "/sign-out";
/// The page for a sign-in that did not work; its query `reason` is a [`ProblemCode`](crate::ProblemCode).
pub const SIGN_IN_FAILED: &str = "/sign-in-failed";
/// Where the OpenID Provider posts logout tokens (OpenID Connect Back-Channel Logout 1.0).
pub const BACK_CHANNEL_LOGOUT: &str = "/backchannel-logout";
/// Where Logto's webhook posts.
pub const LOGTO_WEBHOOK: &str = "/webhooks/logto";
/// Answers an [`AuthStatus`](crate::AuthStatus).
pub const AUTH_STATUS: &str = "/api/auth/status";
/// Answers the [`Claims`](crate::Claims) that the OpenID Provider has now (userinfo).
pub const USER_INFO: &str = "/api/auth/user-info";
/// Answers the person's [`Sessions`](crate::Sessions).
pub const SESSIONS: &str = "/api/auth/sessions";
/// Ends one of the person's sessions (DELETE); `{id}` is that of a [`SessionInfo`](crate::SessionInfo).
pub const SESSION: &str = "/api/auth/sessions/{id}";
/// Tells a [`SessionEvent`](crate::SessionEvent) when it happens (server-sent events).
pub const EVENTS: &str = "/api/auth/events";
/// An API of the bff's routes: `{name}` is the route, and what follows is the API's path.
pub const PROXY: &str = "/api/proxy/{name}";
/// Sets the active organization (PUT).
pub const ORGANIZATION: &str = "/api/auth/organization";
/// Everything below answers JSON, never a page.
pub const API: &str = "/api";

/// The header that every state-changing request carries (`X-CSRF: 1`), unless a form of our own page sends it.
pub const CSRF_HEADER: &str = "x-csrf";
/// The `id` of the element in index.html that the bff paints and the app fills.
pub const ROOT_ELEMENT: &str = "app";
/// The `id` of the JSON data block in index.html that holds the [`AuthStatus`](crate::AuthStatus).
pub const AUTH_STATUS_ELEMENT: &str = "auth-status";
/// The `id` of the JSON data block in index.html that holds a [`Problem`](crate::Problem), on an error page only.
pub const PROBLEM_ELEMENT: &str = "problem";
/// The cookie with the [`Language`](crate::Language) that the person chose. Scripts may read it; it holds no secret.
pub const LANGUAGE_COOKIE: &str = "language";
