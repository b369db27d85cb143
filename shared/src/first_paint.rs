//! What a person sees before the app runs: prepared when the frontend is built, filled in by the bff.

use crate::Paint;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The prepared pages: by language tag (BCP 47), then by [`Paint::name`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FirstPaints(pub BTreeMap<String, BTreeMap<String, FirstPaint>>);

/// One prepared page, with places to fill in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstPaint {
    /// The document's title, as text.
    pub title: String,
    /// The markup inside the app's root element.
    pub html: String,
}

impl FirstPaint {
    /// The file in the folder of the built frontend, beside `index.html`.
    pub const FILE: &str = "first-paint.json";
    /// Stands in the markup for what to call the person.
    pub const NAME: &str = "--name--";
    /// Stands in the markup for the page that a sign-in returns to, as the value of a query's parameter.
    pub const RETURN_TO: &str = "--return-to--";
}

impl FirstPaints {
    /// The page in this language.
    #[must_use]
    pub fn get(&self, language: &str, paint: Paint) -> Option<&FirstPaint> {
        self.0.get(language)?.get(&paint.name())
    }
}
