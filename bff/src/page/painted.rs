//! The pages that were prepared when the frontend was built, with what only the bff knows filled in: what to call the
//! person, and where a sign-in returns to.

use crate::request::language::Language;
use serde_json::error::Error as JsonError;
use shared::{AuthStatus, FirstPaint, FirstPaints, Paint, ProblemCode, View, path};
use std::collections::HashMap;
use url::form_urlencoded;

/// Every prepared page.
#[derive(Default)]
pub(crate) struct Prepared(HashMap<&'static str, HashMap<String, Cut>>);

/// A prepared page, cut at the places that are filled in.
pub(crate) struct Cut {
    /// The document's title, as text in HTML.
    pub(crate) title: String,
    pieces: Vec<Piece>,
}

enum Piece {
    Html(String),
    Fill(Place),
}

/// What is filled in.
#[derive(Clone, Copy)]
enum Place {
    Name,
    ReturnTo,
}

const MARKERS: [(&str, Place); 2] = [
    (FirstPaint::NAME, Place::Name),
    (FirstPaint::RETURN_TO, Place::ReturnTo),
];

/// What is painted for a request.
pub(crate) struct Painting<'a> {
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) status: Option<&'a AuthStatus>,
    pub(crate) problem: Option<ProblemCode>,
}

impl Painting<'_> {
    fn view(&self) -> View {
        View::of(self.path, self.query, self.problem)
    }

    /// The page itself; after a failure home, for its query may hold what is not for other pages.
    fn return_to(&self) -> String {
        match (self.view(), self.query) {
            (View::SignInFailed(_), _) => path::HOME.to_owned(),
            (_, "") => self.path.to_owned(),
            (_, query) => format!("{}?{query}", self.path),
        }
    }

    fn name(&self) -> String {
        match self.status {
            Some(AuthStatus::SignedIn { claims, .. }) => claims.display_name(),
            _ => String::new(),
        }
    }
}

impl Prepared {
    /// Reads what the frontend's build wrote.
    pub(crate) fn read(json: &[u8]) -> Result<Self, JsonError> {
        let FirstPaints(mut paints) = serde_json::from_slice(json)?;
        let cut = |language: Language| {
            let pages = paints.remove(language.tag()).unwrap_or_default();
            let cut = |(name, page)| (name, Cut::of(page));
            (language.tag(), pages.into_iter().map(cut).collect())
        };
        Ok(Self(Language::ALL.into_iter().map(cut).collect()))
    }

    /// The page for this request, if there is one.
    pub(crate) fn get(&self, language: Language, painting: &Painting) -> Option<&Cut> {
        let paint = Paint::of(painting.view(), painting.status, painting.problem);
        self.0.get(language.tag())?.get(&paint.name())
    }
}

impl Cut {
    fn of(page: FirstPaint) -> Self {
        let mut pieces = Vec::new();
        let mut rest = page.html.as_str();
        let next = |text: &str| {
            MARKERS
                .iter()
                .filter_map(|&(marker, place)| Some((text.find(marker)?, marker.len(), place)))
                .min_by_key(|(at, ..)| *at)
        };
        while let Some((at, length, place)) = next(rest) {
            pieces.push(Piece::Html(rest[..at].to_owned()));
            pieces.push(Piece::Fill(place));
            rest = &rest[at + length..];
        }
        pieces.push(Piece::Html(rest.to_owned()));
        Self {
            title: escaped(&page.title),
            pieces,
        }
    }

    /// The markup, filled in.
    pub(crate) fn fill(&self, painting: &Painting) -> String {
        let mut markup = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Html(html) => markup.push_str(html),
                Piece::Fill(Place::Name) => markup.push_str(&escaped(&painting.name())),
                Piece::Fill(Place::ReturnTo) => {
                    markup.extend(form_urlencoded::byte_serialize(
                        painting.return_to().as_bytes(),
                    ));
                }
            }
        }
        markup
    }
}

/// A text in HTML, between tags or in an attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{Claims, SessionTimes};

    const PAGES: &str = r#"{"ja":{
        "home signed-in":{"title":"本 & <b>","html":"<h1>--name--</h1><a href=\"/sign-in?returnTo=--return-to--&amp;uiLocales=ja\">x</a>"},
        "sign-in-failed signed-out internal":{"title":"","html":"--return-to--"},
        "not-found signed-out":{"title":"","html":"--return-to--"},
        "status-unknown store_unavailable":{"title":"","html":"?"}}}"#;

    fn ada() -> AuthStatus {
        AuthStatus::SignedIn {
            claims: Box::new(Claims {
                sub: "a".to_owned(),
                name: Some("<b>--return-to-- & \"Ada'".to_owned()),
                ..Claims::default()
            }),
            session: SessionTimes {
                expires_in: 1,
                idle_expires_in: 1,
            },
            scopes: Vec::new(),
        }
    }

    fn painted(painting: &Painting) -> Option<String> {
        let prepared = Prepared::read(PAGES.as_bytes()).unwrap();
        Some(prepared.get(Language::Ja, painting)?.fill(painting))
    }

    #[test]
    fn name_and_page_are_filled_in_as_text() {
        let painting = Painting {
            path: "/",
            query: "a=1&b=\"2",
            status: Some(&ada()),
            problem: None,
        };
        assert_eq!(
            painted(&painting).unwrap(),
            "<h1>&lt;b&gt;--return-to-- &amp; &quot;Ada&#39;</h1>\
             <a href=\"/sign-in?returnTo=%2F%3Fa%3D1%26b%3D%222&amp;uiLocales=ja\">x</a>"
        );
        let prepared = Prepared::read(PAGES.as_bytes()).unwrap();
        assert_eq!(
            prepared.get(Language::Ja, &painting).unwrap().title,
            "本 &amp; &lt;b&gt;"
        );
    }

    #[test]
    fn a_failed_sign_in_leads_home_and_keeps_its_query_to_itself() {
        let painting = Painting {
            path: "/callback",
            query: "code=secret&state=secret",
            status: Some(&AuthStatus::SignedOut),
            problem: Some(ProblemCode::Internal),
        };
        assert_eq!(painted(&painting).unwrap(), "%2F");
    }

    #[test]
    fn the_page_follows_from_address_status_and_problem() {
        let of = |path, status, problem| {
            painted(&Painting {
                path,
                query: "",
                status,
                problem,
            })
        };
        assert_eq!(
            of("/no/page", Some(&AuthStatus::SignedOut), None).unwrap(),
            "%2Fno%2Fpage"
        );
        let problem = Some(ProblemCode::StoreUnavailable);
        assert_eq!(of("/account", None, problem).unwrap(), "?");
        // A page that nobody has prepared, and a language that nobody has.
        assert_eq!(of("/account", Some(&AuthStatus::SignedOut), None), None);
        let prepared = Prepared::default();
        let painting = Painting {
            path: "/",
            query: "",
            status: None,
            problem: None,
        };
        assert!(prepared.get(Language::En, &painting).is_none());
    }
}
