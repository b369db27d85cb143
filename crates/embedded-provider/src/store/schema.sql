-- The whole schema. Times are seconds since 1970, except `…_ms`. `digest` is the keyed digest of an opaque value.

CREATE TABLE IF NOT EXISTS installation (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS users (
    id TEXT PRIMARY KEY,
    phone TEXT NOT NULL UNIQUE,
    created_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL
) STRICT;

-- What the person does between an authorization request and its response.
CREATE TABLE IF NOT EXISTS interactions (
    id TEXT PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('sign_in', 'consent')),
    request TEXT NOT NULL,
    signed_in INTEGER NOT NULL DEFAULT 0, -- whether the person has signed in for this request
    session_uid TEXT,                     -- for consent: whose session
    event TEXT,                           -- SignIn or Register; NULL until the experience begins
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    submitted INTEGER NOT NULL DEFAULT 0,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS pushed_requests (
    digest BLOB PRIMARY KEY,
    application_id TEXT NOT NULL,
    parameters TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

-- Assertions by which clients have authenticated. Each is used once.
CREATE TABLE IF NOT EXISTS client_assertions (
    digest BLOB PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS verifications (
    id TEXT PRIMARY KEY,
    interaction_id TEXT NOT NULL REFERENCES interactions (id) ON DELETE CASCADE,
    phone TEXT NOT NULL,
    digest BLOB NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    verified INTEGER NOT NULL DEFAULT 0,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS verifications_by_interaction ON verifications (interaction_id);

-- When the page of an interaction may send another code.
CREATE TABLE IF NOT EXISTS resend_waits (
    interaction_id TEXT PRIMARY KEY REFERENCES interactions (id) ON DELETE CASCADE,
    until INTEGER NOT NULL
) STRICT;

-- Wrong codes for each number, and codes that are being checked. `blocks`: this one was one too many.
CREATE TABLE IF NOT EXISTS wrong_codes (
    id INTEGER PRIMARY KEY,
    phone TEXT NOT NULL,
    tried_at INTEGER NOT NULL,
    blocks INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS wrong_codes_by_phone ON wrong_codes (phone, tried_at);

-- Messages to each number, for the limit.
CREATE TABLE IF NOT EXISTS messages (
    phone TEXT NOT NULL,
    sent_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS messages_by_phone ON messages (phone, sent_at);

CREATE TABLE IF NOT EXISTS sessions (
    uid TEXT PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    signed_in_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

-- What a person allowed a client. Deleting it deletes its codes and tokens.
CREATE TABLE IF NOT EXISTS grants (
    id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    scopes TEXT NOT NULL
) STRICT;

-- A client in a session: the `sid` claim, and whether its grant outlives sign-out.
CREATE TABLE IF NOT EXISTS participations (
    session_uid TEXT NOT NULL REFERENCES sessions (uid) ON DELETE CASCADE,
    application_id TEXT NOT NULL,
    sid TEXT NOT NULL,
    grant_id TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    outlives_sign_out INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (session_uid, application_id)
) STRICT;

-- `session_uid` is set in codes and tokens that end with the session.
CREATE TABLE IF NOT EXISTS authorization_codes (
    digest BLOB PRIMARY KEY,
    grant_id TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    redirect_uri TEXT NOT NULL,
    scopes TEXT NOT NULL,
    nonce TEXT,
    code_challenge TEXT,
    auth_time INTEGER,
    sid TEXT NOT NULL,
    session_uid TEXT,
    used INTEGER NOT NULL DEFAULT 0,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS access_tokens (
    digest BLOB PRIMARY KEY,
    grant_id TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    scopes TEXT NOT NULL,
    session_uid TEXT,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS refresh_tokens (
    digest BLOB PRIMARY KEY,
    grant_id TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    scopes TEXT NOT NULL,
    nonce TEXT,
    auth_time INTEGER,
    sid TEXT NOT NULL,
    session_uid TEXT,
    chain_began_at INTEGER NOT NULL, -- when the first token of this chain was issued
    issued_at INTEGER NOT NULL,
    replaced_at INTEGER,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS sign_outs (
    digest BLOB PRIMARY KEY,
    session_uid TEXT,
    application_id TEXT,
    redirect_uri TEXT,
    state TEXT,
    expires_at INTEGER NOT NULL
) STRICT;

-- What the Management API manages, as JSON: applications, connectors, roles and so on.
CREATE TABLE IF NOT EXISTS documents (
    kind TEXT NOT NULL,
    parent TEXT NOT NULL,  -- the id of the document that this one belongs to; empty if there is none
    id TEXT NOT NULL,
    unique_value TEXT,     -- no other document of the kind and the parent has it; NULL if nothing is unique
    body TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    PRIMARY KEY (kind, parent, id),
    UNIQUE (kind, parent, unique_value)
) STRICT;
CREATE INDEX IF NOT EXISTS documents_by_parent ON documents (parent);
