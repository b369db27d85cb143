//! What the bff fills into a prepared page.

/// A part of a page that depends on the request. The page is prepared with the marker's text there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// The [`AuthStatus`](crate::AuthStatus) as JSON; empty if it is not known.
    AuthStatus,
    /// The [`Problem`](crate::Problem) as JSON; empty if there is none.
    Problem,
    /// What was wrong with this very request, as text; empty if there is nothing to say.
    Detail,
    /// The person's name, as text.
    Name,
    /// The page that a sign-in returns to, as the value of a query parameter.
    ReturnTo,
}

impl Marker {
    /// Every marker.
    pub const ALL: [Self; 5] = [
        Self::AuthStatus,
        Self::Problem,
        Self::Detail,
        Self::Name,
        Self::ReturnTo,
    ];

    /// The text in the prepared page.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::AuthStatus => "--auth-status--",
            Self::Problem => "--problem--",
            Self::Detail => "--detail--",
            Self::Name => "--name--",
            Self::ReturnTo => "--return-to--",
        }
    }
}
