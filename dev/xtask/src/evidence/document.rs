//! The document: what is shown by which test, in Markdown.

use super::{
    cases::{AREAS, Area, REPORTS},
    left_out::LEFT_OUT,
    listing::NumberedTest,
    modules::Plan,
};

const HEAD: &str = "\
# Evidence

What the tests of this repository show about its relying party, the `bff`, and begin to show about what sends its codes. `cargo xtask evidence` asks the tests for their names and prints this page; `cargo xtask test` runs the tests and compares.

**This is not a certificate.** The modules are those of the OpenID Foundation's plans for relying parties, re-implemented as tests of this repository, against a
provider that is part of the tests. The Foundation's suite was not run, and nobody there has looked at this.

";

const MODULES: &str = "
## Modules of the conformance suite

The name of a test begins with its numbers: `rp_1a_02_` is 1A.02. In 1E.11 and 1E.12 we differ from the suite on purpose: it wants claims that come from elsewhere to be
used, our tests want them ignored and nothing fetched.

";

const CASES: &str = "
## Attacks and faults

One number is one way to attack us or one thing that breaks around us; a name such as `b017_` or `r05_` says which the test is about. Tests in `browser-stories` and `frontend` run in a real
browser, those in `xtask` look for words in the sources, those in `connector-aliyun-sms` and `embedded-provider` are about the code by SMS; `cargo xtask test` runs all of them.

";

const REPORTED: &str = "
## Reports

What people met with sign-in products, what a run against a real Logto showed, and what other tools expect. One number is one report; its test fails without the mend.

";

/// Renders what the tests show.
pub(super) fn render(tests: &[NumberedTest]) -> String {
    let mut text = HEAD.to_owned();
    plans(&mut text, tests);
    text.push_str(MODULES);
    modules(&mut text, tests);
    text.push_str(CASES);
    for area in AREAS {
        cases(&mut text, area, tests);
    }
    text.push_str(REPORTED);
    for area in REPORTS {
        cases(&mut text, area, tests);
    }
    left_out(&mut text);
    text
}

fn plans(text: &mut String, tests: &[NumberedTest]) {
    text.push_str("| plan | passed | where the suite has it |\n| --- | --- | --- |\n");
    for plan in Plan::ALL {
        let (mut passed, mut all) = (0, 0);
        for module in plan.modules() {
            all += 1;
            passed += usize::from(showing(tests, &module.number).next().is_some());
        }
        let (title, origin) = (plan.title(), plan.origin());
        line(text, &format!("| {title} | {passed} of {all} | {origin} |"));
    }
}

fn modules(text: &mut String, tests: &[NumberedTest]) {
    text.push_str(
        "| module | the suite's test id | our test | result |\n| --- | --- | --- | --- |\n",
    );
    for module in Plan::ALL.into_iter().flat_map(Plan::modules) {
        let words: Vec<_> = showing(tests, &module.number)
            .map(|test| test.words.as_str())
            .collect();
        let result = match words.as_slice() {
            [] if is_left_out(&module.number) => "left out",
            [] => "missing",
            _ => "passed",
        };
        let (number, test_id, words) = (&module.number, module.test_id, words.join("; "));
        line(
            text,
            &format!("| {number} | `{test_id}` | {words} | {result} |"),
        );
    }
}

fn cases(text: &mut String, area: &Area, tests: &[NumberedTest]) {
    let is_shown = |number: &&str| showing(tests, number).next().is_some();
    let shown = area.numbers().filter(is_shown).count();
    if shown == 0 {
        return;
    }
    let all = area.numbers().count();
    line(text, &format!("### {} ({shown} of {all})\n", area.heading));
    text.push_str("| case | what the tests say | where |\n| --- | --- | --- |\n");
    for number in area.numbers() {
        let in_order: Vec<_> = showing(tests, number).collect();
        for of_one_home in in_order.chunk_by(|one, next| one.home == next.home) {
            let words: Vec<_> = of_one_home.iter().map(|test| test.words.as_str()).collect();
            let (words, home) = (words.join("; "), of_one_home[0].home.trim_end());
            line(text, &format!("| {number} | {words} | `{home}` |"));
        }
    }
    text.push('\n');
}

fn left_out(text: &mut String) {
    text.push_str("## Left out\n\n| number | why |\n| --- | --- |\n");
    for entry in LEFT_OUT {
        let numbers = listed(entry.numbers);
        line(text, &format!("| {numbers} | {} |", entry.reason));
    }
}

fn is_left_out(number: &str) -> bool {
    let mut numbers = LEFT_OUT
        .iter()
        .flat_map(|entry| entry.numbers.split_whitespace());
    numbers.any(|one| one == number)
}

fn showing<'a>(
    tests: &'a [NumberedTest],
    number: &'a str,
) -> impl Iterator<Item = &'a NumberedTest> {
    tests
        .iter()
        .filter(move |test| test.numbers.iter().any(|one| one == number))
}

fn listed(numbers: &str) -> String {
    numbers.split_whitespace().collect::<Vec<_>>().join(", ")
}

fn line(text: &mut String, words: &str) {
    text.push_str(words);
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(name: &str) -> NumberedTest {
        let (numbers, words) = crate::evidence::name::read(name).unwrap();
        NumberedTest {
            home: "bff::it id_token".to_owned(),
            name: name.to_owned(),
            numbers,
            words,
        }
    }

    #[test]
    fn what_a_test_shows_is_counted_and_named_and_the_rest_is_said_to_be_missing() {
        let tests = [
            test("rp_1a_02_t09_another_issuer_is_refused"),
            test("rp_1a_02_so_is_one_with_a_slash_more"),
            test("b045_t09_alg_none_is_refused"),
        ];
        let text = render(&tests);
        for line in [
            "| Basic RP | 1 of 14 | `oidcc-client-basic-certification-test-plan` |",
            "| 1A.01 | `oidcc-client-test` |  | missing |",
            "| 1A.02 | `oidcc-client-test-invalid-iss` | another issuer is refused; so is one with a slash more | passed |",
            "### ID token, token answer and claims (1 of 23)",
            "| B045 | alg none is refused | `bff::it id_token` |",
            "| T09 | another issuer is refused; alg none is refused | `bff::it id_token` |",
        ] {
            assert!(text.lines().any(|one| one == line), "{line}\n{text}");
        }
        assert!(
            !text.contains("### Signing out"),
            "nothing shown, no heading"
        );
    }
}
