//! Who sent a browser on its way, where it has been since, and what it says about that (Fetch Metadata, `SameSite`).

use crate::support::{
    cookie_jar::Relation,
    site::{is_same_site, is_secure},
};
use reqwest::Method;
use url::Url;

/// The way of one request through its redirects.
#[derive(Clone)]
pub(crate) struct Journey {
    by: By,
    /// The page that began it; when a person did, the first address.
    from: Url,
    kind: Kind,
    furthest: Distance,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// The address was typed, or is a bookmark.
    Person,
    Page,
}

/// What the answer is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Window,
    Frame,
    Image,
    Script,
}

/// The furthest that any address on the way is from where it began.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Distance {
    SameOrigin,
    SameSite,
    CrossSite,
}

impl Journey {
    pub(super) fn of_a_person(url: &Url) -> Self {
        Self {
            by: By::Person,
            from: url.clone(),
            kind: Kind::Window,
            furthest: Distance::SameOrigin,
        }
    }

    pub(super) fn of_a_page(page: &Url, kind: Kind, url: &Url) -> Self {
        let start = Self {
            by: By::Page,
            from: page.clone(),
            kind,
            furthest: Distance::SameOrigin,
        };
        start.on_to(url)
    }

    /// One redirect further. What has been far away stays so, also when it comes back.
    pub(super) fn on_to(mut self, url: &Url) -> Self {
        let distance = if url.origin() == self.from.origin() {
            Distance::SameOrigin
        } else if is_same_site(url, &self.from) {
            Distance::SameSite
        } else {
            Distance::CrossSite
        };
        self.furthest = self.furthest.max(distance);
        self
    }

    /// RFC 6265bis, section 5.2.
    pub(super) fn relation(&self, method: &Method) -> Relation {
        match (self.furthest, self.kind) {
            (Distance::SameOrigin | Distance::SameSite, _) => Relation::SameSite,
            (Distance::CrossSite, Kind::Window) if method.is_safe() => Relation::CrossSiteVisit,
            (Distance::CrossSite, Kind::Window) => Relation::CrossSiteForm,
            (Distance::CrossSite, _) => Relation::CrossSitePart,
        }
    }

    /// The headers that a browser adds by itself and no script can change.
    pub(super) fn headers(&self, method: &Method, url: &Url) -> Vec<(&'static str, String)> {
        let (mode, destination, accept) = match self.kind {
            Kind::Window => ("navigate", "document", "text/html,*/*;q=0.8"),
            Kind::Frame => ("navigate", "iframe", "text/html,*/*;q=0.8"),
            Kind::Image => ("no-cors", "image", "image/*,*/*;q=0.8"),
            Kind::Script => ("cors", "empty", "*/*"),
        };
        let mut headers = vec![("accept", accept.to_owned())];
        if is_secure(url) {
            headers.push(("sec-fetch-site", self.site().to_owned()));
            headers.push(("sec-fetch-mode", mode.to_owned()));
            headers.push(("sec-fetch-dest", destination.to_owned()));
        }
        // Fetch, section 3.2: a script's request to another origin says where it is from, and so does all but a GET.
        let crosses = self.furthest > Distance::SameOrigin;
        if !method.is_safe() || (self.kind == Kind::Script && crosses) {
            headers.push(("origin", self.from.origin().ascii_serialization()));
        }
        headers
    }

    fn site(&self) -> &'static str {
        match (self.by, self.furthest) {
            (By::Person, _) => "none",
            (By::Page, Distance::SameOrigin) => "same-origin",
            (By::Page, Distance::SameSite) => "same-site",
            (By::Page, Distance::CrossSite) => "cross-site",
        }
    }
}
