//! A prepared page, cut at its markers.

use shared::Marker;

/// A document with markers.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Template {
    /// Markup and the marker that follows it.
    pieces: Vec<(String, Marker)>,
    rest: String,
}

impl Template {
    /// Cuts a document. `None` if it lacks the auth status or the problem, or has one of them twice: then the app would
    /// have to ask what the bff knows.
    pub(crate) fn cut(document: &str) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut rest = document;
        while let Some((at, marker)) = next_marker(rest) {
            pieces.push((rest[..at].to_owned(), marker));
            rest = &rest[at + marker.text().len()..];
        }
        let count = |marker| pieces.iter().filter(|(_, other)| *other == marker).count();
        let has_both = count(Marker::AuthStatus) == 1 && count(Marker::Problem) == 1;
        has_both.then(|| Self {
            pieces,
            rest: rest.to_owned(),
        })
    }

    pub(crate) fn has(&self, marker: Marker) -> bool {
        self.pieces.iter().any(|(_, other)| *other == marker)
    }

    /// The document with `text` in place of each marker.
    pub(crate) fn fill(&self, text: impl Fn(Marker) -> String) -> String {
        let mut document = String::new();
        for (markup, marker) in &self.pieces {
            document.push_str(markup);
            document.push_str(&text(*marker));
        }
        document + &self.rest
    }
}

fn next_marker(text: &str) -> Option<(usize, Marker)> {
    Marker::ALL
        .into_iter()
        .filter_map(|marker| Some((text.find(marker.text())?, marker)))
        .min_by_key(|(at, _)| *at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "<a>--auth-status--<b>--problem--<h1>--name--</h1>--return-to--";

    #[test]
    fn a_marker_is_filled_in_and_what_is_filled_in_is_never_one() {
        let template = Template::cut(DOCUMENT).unwrap();
        let filled = template.fill(|marker| match marker {
            Marker::AuthStatus => "1".to_owned(),
            Marker::Problem | Marker::Detail => String::new(),
            Marker::Name => Marker::ReturnTo.text().to_owned(),
            Marker::ReturnTo => "4".to_owned(),
        });
        assert_eq!(filled, "<a>1<b><h1>--return-to--</h1>4");
    }

    #[test]
    fn a_document_without_its_data_blocks_is_refused() {
        for marker in [Marker::AuthStatus, Marker::Problem] {
            let without = DOCUMENT.replace(marker.text(), "");
            assert_eq!(Template::cut(&without), None, "{marker:?}");
            let twice = format!("{DOCUMENT}{}", marker.text());
            assert_eq!(Template::cut(&twice), None, "{marker:?}");
        }
        for marker in [Marker::Detail, Marker::Name, Marker::ReturnTo] {
            let template = Template::cut(&DOCUMENT.replace(marker.text(), "")).unwrap();
            assert!(!template.has(marker), "{marker:?}");
        }
    }

    #[test]
    fn the_projects_own_page_has_its_data_blocks() {
        assert!(Template::cut(include_str!("../../../index.html")).is_some());
    }
}
