//! The texts in English.

use super::{Account, Explanation, Notice, SignInFailed, StatusFailed, Texts, Welcome};
use crate::{claims::ClaimName as N, time_left::TimeLeft};
use shared::ProblemCode as P;

pub(super) static TEXTS: Texts = Texts {
    choose_language: "Language",
    loading: "One moment…",
    sign_in: "Sign in",
    sign_out: "Sign out",
    signing_out: "Signing out…",
    sign_out_failed: "The sign-out did not get through. Please try again.",
    try_again: "Try again",
    to_the_start: "Back to the start",
    welcome: Welcome {
        title: "Welcome to Bookstore",
        lead: "A small shop for people who love to read. All you need is your phone: we text you a code, and you are in.",
        promises: [
            "No password to make up or remember.",
            "A code by SMS shows that it is you.",
            "Your sign-in is kept on our server, out of reach of scripts in your browser.",
        ],
    },
    hello: "Hello, ",
    account: Account {
        session,
        claims: "What we know about you",
        claims_lead: "The sign-in service told us this, and nothing else.",
        claim,
        yes: "Yes",
        no: "No",
    },
    status_failed: StatusFailed {
        title: "We could not check your sign-in",
        unreachable: Explanation {
            what: "The shop cannot be reached, so we do not know whether you are signed in.",
            next: "Please check your connection and try again.",
        },
    },
    not_found: Notice {
        title: "There is nothing here",
        lead: "The page may have moved, or the address has a typing mistake.",
    },
    sign_in_failed: SignInFailed {
        title: "The sign-in did not work",
        explain,
        code: "Code for support:",
    },
};

fn session(ends: TimeLeft, idle: TimeLeft) -> String {
    let ends_in = duration(ends);
    if ends == idle {
        format!("You stay signed in for {ends_in}.")
    } else {
        let away = duration(idle);
        format!("You stay signed in for {ends_in}, or until you have been away for {away}.")
    }
}

fn duration(time: TimeLeft) -> String {
    let counted = |count, one: &str, many: &str| {
        let unit = if count == 1 { one } else { many };
        format!("{count} {unit}")
    };
    match time {
        TimeLeft::Days(count) => counted(count, "day", "days"),
        TimeLeft::Hours(count) => counted(count, "hour", "hours"),
        TimeLeft::Minutes(count) => counted(count, "minute", "minutes"),
        TimeLeft::Moments => "less than a minute".to_owned(),
    }
}

fn claim(name: N) -> &'static str {
    match name {
        N::Address => "Address",
        N::Aud => "Signed in to application",
        N::AuthTime => "Identity last proved",
        N::Birthdate => "Birthday",
        N::CreatedAt => "Member since",
        N::CustomData => "Data of this shop",
        N::Email => "E-mail address",
        N::EmailVerified => "E-mail address verified",
        N::Exp => "Valid until",
        N::FamilyName => "Family name",
        N::Gender => "Gender",
        N::GivenName => "Given name",
        N::Iat => "Issued at",
        N::Identities => "Linked social accounts",
        N::Iss => "Issued by",
        N::Locale => "Language",
        N::MiddleName => "Middle name",
        N::Name => "Name",
        N::Nickname => "Nickname",
        N::OrganizationData => "Names of organizations",
        N::OrganizationRoles => "Roles in organizations",
        N::Organizations => "Organizations",
        N::PhoneNumber => "Phone number",
        N::PhoneNumberVerified => "Phone number verified",
        N::Picture => "Picture",
        N::PreferredUsername => "Preferred user name",
        N::Profile => "Profile page",
        N::Roles => "Roles",
        N::SsoIdentities => "Linked company accounts",
        N::Sub => "Identifier",
        N::UpdatedAt => "Profile last changed",
        N::Username => "User name",
        N::Website => "Website",
        N::Zoneinfo => "Time zone",
    }
}

const AGAIN: &str = "Please try again.";
const FROM_HERE: &str = "Please begin again from here.";
const LATER: &str = "It is not your fault. Please wait a minute and try again.";
const TELL_US: &str = "Please try again. If it happens once more, tell us the code below.";

fn explain(reason: Option<P>) -> Explanation {
    let (what, next) = match reason {
        Some(P::AccessDenied) => (
            "The sign-in was declined.",
            "If you did not mean to decline, please try again.",
        ),
        Some(P::UnknownSignIn) => (
            "This sign-in took more than ten minutes, was used already, or was begun in another browser.",
            FROM_HERE,
        ),
        Some(P::InteractionRequired) => (
            "The sign-in needs you to enter something.",
            "Please try again and follow the steps.",
        ),
        Some(P::ProviderRefused) => ("The sign-in service refused the sign-in.", TELL_US),
        Some(P::InvalidResponse) => (
            "The answer did not come from our sign-in service, so we did not accept it.",
            "Do not enter anything on the page that you came from. Begin again from here.",
        ),
        Some(P::CodeRefused) => ("The sign-in service did not confirm this sign-in.", AGAIN),
        Some(P::InvalidIdToken) => ("We could not verify that it was you.", TELL_US),
        Some(P::InvalidUserInfo) => (
            "The sign-in service sent details of another person, so we do not show them.",
            TELL_US,
        ),
        Some(P::ProviderUnavailable) => (
            "The sign-in service cannot be reached at the moment.",
            LATER,
        ),
        Some(P::StoreUnavailable) => ("We cannot keep anybody signed in at the moment.", LATER),
        Some(P::NotSignedIn) => ("Your session has ended.", "Please sign in once more."),
        Some(P::CrossSite) => (
            "The request did not come from this site, so we refused it.",
            FROM_HERE,
        ),
        Some(P::NotANavigation) => (
            "A sign-in starts only when you follow the link yourself.",
            FROM_HERE,
        ),
        Some(P::InvalidRequest) => (
            "There is something in the address that we do not understand.",
            FROM_HERE,
        ),
        Some(P::InvalidLogoutToken) => (
            "A request to end a session could not be verified.",
            FROM_HERE,
        ),
        Some(P::InvalidWebhook) => (
            "A message from the sign-in service could not be verified.",
            FROM_HERE,
        ),
        Some(P::NotFound) => ("There is nothing at this address.", FROM_HERE),
        Some(P::MethodNotAllowed) => ("This address cannot be used in that way.", FROM_HERE),
        Some(P::RateLimited) => (
            "There were too many sign-ins from your network in a short time.",
            LATER,
        ),
        Some(P::Busy) => ("Too many people are here at the moment.", LATER),
        Some(P::PayloadTooLarge) => ("The request was too large.", FROM_HERE),
        Some(P::TimedOut) => ("The answer took too long.", LATER),
        Some(P::Internal) => ("Something went wrong on our side.", LATER),
        None => ("The sign-in could not be finished.", AGAIN),
    };
    Explanation { what, next }
}
