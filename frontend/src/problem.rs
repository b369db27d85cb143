//! What the app reads of a problem: its code. The words are the app's own, in the person's language.

use serde_json::Value;
use shared::ProblemCode;

/// The code in the JSON of a [`Problem`](shared::Problem); `None` when the text is none.
pub(crate) fn code(json: &str) -> Option<ProblemCode> {
    let problem: Value = serde_json::from_str(json).ok()?;
    problem.get("code")?.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::Problem;

    #[test]
    fn the_code_of_every_problem_is_read() {
        for &expected in ProblemCode::ALL {
            let problem = serde_json::to_string(&Problem::new(expected)).unwrap();
            assert_eq!(code(&problem), Some(expected));
        }
    }

    #[test]
    fn what_is_no_problem_has_no_code() {
        for text in [
            "",
            "Bad Gateway",
            "null",
            "[]",
            "{}",
            r#"{"code":1}"#,
            r#"{"code":"nope"}"#,
        ] {
            assert_eq!(code(text), None, "{text}");
        }
    }
}
