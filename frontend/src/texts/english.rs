//! The texts in English.

use super::{
    Account, Explanation, Notice, Notices, Sessions, SignInFailed, StatusFailed, Texts, Welcome,
};
use crate::{claims::ClaimName as N, time_left::TimeLeft};
use shared::{ProblemCode as P, SignedOutReason as R};

pub(super) static TEXTS: Texts = Texts {
    choose_language: "Language",
    account_title: "Your account",
    sessions_title: "Your devices",
    sign_in: "Sign in",
    try_again: "Try again",
    to_the_start: "Back to the home page",
    welcome: Welcome {
        title: "Welcome to Bookstore",
        lead: "A small shop for people who love to read. All you need is your phone: we text you a code, and you are in.",
        promises: [
            "No password to make up or remember.",
            "A code by SMS shows that it is you.",
            "Your sign-in is kept on our server, out of reach of scripts in your browser.",
        ],
    },
    not_signed_in: "Please sign in to see this page. You will come back here afterwards.",
    not_found: Notice {
        title: "There is nothing here",
        lead: "The page may have moved, or the address contains a typo.",
    },
    sign_in_failed: SignInFailed {
        title: "The sign-in did not work",
        already_signed_in: Notice {
            title: "You are signed in",
            lead: "A sign-in did not work, but you are signed in here already. There is nothing that you need to do.",
        },
        explain,
        code: "Code for support:",
    },
    pages: "Pages",
    loading: "One moment…",
    sign_out: "Sign out",
    signing_out: "Signing out…",
    sign_out_failed: "You could not be signed out. Please try again.",
    close: "Close",
    hello: "Hello, ",
    signed_in: "You are signed in.",
    needs_app: "The app that shows this could not start. Reload the page, or allow JavaScript and WebAssembly in your browser (Lockdown Mode on Apple devices switches WebAssembly off). You can still sign out on the home page.",
    account: Account {
        lead: "What the sign-in service tells us about you, and nothing else.",
        session,
        asking: "Asking the sign-in service what it knows now…",
        is_live: "As the sign-in service has it at this moment.",
        is_not_live: "The sign-in service cannot be asked at the moment: this is what it said when you signed in.",
        show: "Show",
        hide: "Hide",
        show_phone: "Show the phone number",
        hide_phone: "Hide the phone number",
        claim,
        yes: "Yes",
        no: "No",
    },
    sessions: Sessions {
        lead: "Where you are signed in, and a way to sign out a device that you do not use any more.",
        this_device: "This device",
        unknown_device: "Unknown device",
        on: |browser, system| format!("{browser} on {system}"),
        last_seen: "Last seen: ",
        since: "Signed in: ",
        end: "Sign out",
        end_failed: "It could not be signed out. Please try again.",
        end_all: "Sign out on all devices",
    },
    notices: Notices {
        signed_out,
        expiring: |time| format!("You will be signed out at {time}, unless you stay."),
        ending: |time| format!("You will be signed out at {time}. Please sign in again to go on."),
        stay: "Stay signed in",
        sign_in_again: "Sign in again",
        trouble: "The service cannot be reached at the moment. What you see may be out of date; we keep trying.",
    },
    status_failed: StatusFailed {
        title: "We could not check your sign-in",
        unreachable: Explanation {
            what: "The service cannot be reached, so we do not know whether you are signed in.",
            next: "Please check your connection and try again.",
        },
    },
};

fn signed_out(reason: R) -> &'static str {
    match reason {
        R::SignedOut => "You signed out in this browser.",
        R::EndedElsewhere => "You were signed out from another of your devices.",
        R::Everywhere => "You signed out on all devices.",
        R::Provider => "The sign-in service has ended your session.",
        R::AccountClosed => {
            "Your account was closed or suspended. If you think that this is a mistake, please contact us."
        }
        R::Expired => "Your session has ended because its time was over.",
    }
}

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
        N::CustomData => "Data of this application",
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

/// What happened is in the table of `shared`, which `docs/errors.md` quotes.
fn explain(reason: Option<P>) -> Explanation {
    let what = reason.map_or("The sign-in could not be finished.", P::on_the_page);
    let next = match reason {
        Some(P::AccessDenied) => "If you did not mean to decline, please try again.",
        Some(P::InteractionRequired) => "Please try again and follow the steps.",
        Some(P::InvalidResponse) => {
            "Do not enter anything on the page that you came from. Begin again from here."
        }
        Some(P::IdentityTooLarge) => "Trying again will not help. Please tell us the code below.",
        Some(P::NotSignedIn) => "Please sign in once more.",
        Some(P::RateLimited) => "Please wait a minute and try again.",
        Some(P::ProviderRefused | P::InvalidIdToken | P::InvalidUserInfo | P::NotAllowed) => {
            "Please try again. If it happens once more, tell us the code below."
        }
        Some(
            P::ProviderUnavailable
            | P::StoreUnavailable
            | P::ApiUnavailable
            | P::ApiTimedOut
            | P::Busy
            | P::TimedOut
            | P::Internal,
        ) => "It is not your fault. Please wait a minute and try again.",
        Some(P::CodeRefused) | None => "Please try again.",
        Some(
            P::UnknownSignIn
            | P::CrossSite
            | P::NotANavigation
            | P::InvalidRequest
            | P::InvalidLogoutToken
            | P::InvalidWebhook
            | P::NotFound
            | P::MethodNotAllowed
            | P::PayloadTooLarge,
        ) => "Please begin again from here.",
    };
    Explanation { what, next }
}
