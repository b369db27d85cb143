//! What can go wrong, for operators of the bff, as a document: how the program refuses to start, every problem code of
//! `shared` and every event in the log. `docs/errors.md` is rendered here, and a test compares the two.

mod events;

pub use events::{EVENTS, Event};
use shared::{Advice, ProblemCode};

const HEAD: &str = r#"# Errors

For operators of the bff: what it refuses, what people then see, and what to do. `cargo xtask errors` prints this page; a test keeps the two equal.

## When it does not start

The program ends with 0 when it was asked to stop, and with 2 when it cannot run; then the last lines say why, one line for each thing that is wrong, and never with a secret.
`bff check` reads the settings and does nothing else. `bff doctor` also tries the store and the provider, says how to mend what it finds, and ends with 1 when something is wrong.

| line | what to do |
| --- | --- |
| `bff: COOKIE_SECRET is not set` | Give this setting, or a file that holds it in `COOKIE_SECRET_FILE`. `bff env-example` prints all settings with what they mean. |
| `bff: BASE_URL must begin with https:// …` | The setting is there and wrong; the line says what is expected. |
| `bff: .env cannot be read: …` | The file `.env` in the folder that the bff runs in: each line is NAME=value. |
| `bff: cannot listen on 127.0.0.1:3000 (LISTEN): …` | Another program has this port, or it is not ours to take. |
| `bff: the session store (SESSION_STORE) cannot be opened: …` | The bff makes folder and file when they are not there; it must be allowed to, and to write to them. |
| `bff: the frontend (FRONTEND_DIST): …` | Build the frontend of the same version: `cargo xtask dist`. |

A provider that is down does not keep the bff from starting.

## Problems

An answer with one of these codes is `application/problem+json` for a program, and for a person a page with the code and, in the person's language, these words; a sign-in that fails on its way back ends on
`/sign-in-failed?reason=<code>`. In the log, `event="request.failed"` (level ERROR) is a fault of
ours, of the store or of the provider, and `event="request.refused"` (level INFO) a request that deserved it; `cause` says more than the person learns. The line `event="request"` of the
same moment has method, path and status. What is no HTTP request (400), or has a head over 32 KiB or 100 headers (431), gets a bare status and no line; a head that takes 30 seconds gets nothing.
"#;

const OTHER_EVENTS: &str = "
## Every event in the log

`LOG_FORMAT=json` makes one JSON object a line; `RUST_LOG` chooses what is logged. Each line of a request carries its `request_id`, which its answer has in the header `x-request-id`.

| event | level | what it says |
| --- | --- | --- |
";

/// The document.
#[must_use]
pub fn document() -> String {
    let mut text = HEAD.to_owned();
    text.extend(ProblemCode::ALL.iter().map(|&code| problem(code)));
    text.push_str(OTHER_EVENTS);
    text.extend(EVENTS.iter().map(|event| {
        let Event {
            name,
            level,
            meaning,
        } = event;
        format!("| `{name}` | {level} | {meaning} |\n")
    }));
    text
}

fn problem(code: ProblemCode) -> String {
    let (name, status, title) = (code.as_str(), code.status(), code.title());
    let on_the_page = code.on_the_page();
    let Advice {
        when,
        what_to_do,
        in_the_log,
    } = code.advice();
    // The rule of the bff's `Error::log`.
    let event = if status >= 500 {
        "request.failed"
    } else {
        "request.refused"
    };
    let usual = format!("`event=\"{event}\" code=\"{name}\"`");
    let in_the_log = in_the_log.unwrap_or(&usual);
    format!(
        "
### `{name}`

{status}: {title}.

- **On the page.** \"{on_the_page}\"
- **When.** {when}
- **In the log.** {in_the_log}
- **What to do.** {what_to_do}
"
    )
}
