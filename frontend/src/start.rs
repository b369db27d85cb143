//! What the app begins with: what the bff wrote into the page.

use crate::{browser, language, navigation::Here, return_to, wire};
use shared::{Language, View, path::PROBLEM_ELEMENT};

/// What the first picture depends on, besides who is signed in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Start {
    pub(crate) language: Language,
    pub(crate) here: Here,
}

impl Start {
    /// Reads the page. Where the bff has painted, its choice of the language holds, so that nothing jumps; under
    /// `trunk serve` nobody has chosen yet.
    pub(crate) fn from_page(is_painted: bool) -> Self {
        let painted = is_painted.then(browser::document_language);
        let language = painted
            .and_then(|tag| Language::from_tag(&tag))
            .unwrap_or_else(language::of_the_person);
        let problem = wire::parse(&browser::data_block(PROBLEM_ELEMENT));
        let view = View::of(&browser::path(), &browser::query(), problem);
        Self {
            language,
            here: Here::first(
                view,
                return_to::from_view(view),
                browser::path() + &browser::query(),
            ),
        }
    }
}
