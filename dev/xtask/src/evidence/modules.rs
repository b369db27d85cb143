//! The modules of the OpenID Foundation's conformance suite that the bff's tests re-implement, with the suite's own test ids.

/// A plan of the suite, or, for [`Plan::Beyond`], modules that no certificate for a relying party like ours asks for.
#[derive(Clone, Copy)]
pub(super) enum Plan {
    Basic,
    Config,
    RpInitiatedLogout,
    BackChannelLogout,
    Beyond,
}

/// One module of a plan.
pub(super) struct Module {
    /// `1A.02` is what tests are named `rp_1a_02_…` after.
    pub(super) number: String,
    /// The suite's own name for it.
    pub(super) test_id: &'static str,
}

impl Plan {
    pub(super) const ALL: [Self; 5] = [
        Self::Basic,
        Self::Config,
        Self::RpInitiatedLogout,
        Self::BackChannelLogout,
        Self::Beyond,
    ];

    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Basic => "Basic RP",
            Self::Config => "Config RP",
            Self::RpInitiatedLogout => "RP-Initiated Logout RP",
            Self::BackChannelLogout => "Back-Channel Logout RP",
            Self::Beyond => "Beyond the certificates",
        }
    }

    /// Where the suite has the modules.
    pub(super) const fn origin(self) -> &'static str {
        match self {
            Self::Basic => "`oidcc-client-basic-certification-test-plan`",
            Self::Config => "`oidcc-client-config-certification-test-plan`",
            Self::RpInitiatedLogout => "`oidcc-client-rp-initiated-logout-rp-basic`",
            Self::BackChannelLogout => "`oidcc-client-back-channel-logout-rp-basic`",
            Self::Beyond => {
                "refresh tokens, the comprehensive plan, and what of the FAPI plans fits any relying party"
            }
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Basic => "1A",
            Self::Config => "1B",
            Self::RpInitiatedLogout => "1C",
            Self::BackChannelLogout => "1D",
            Self::Beyond => "1E",
        }
    }

    const fn test_ids(self) -> &'static [&'static str] {
        match self {
            Self::Basic => BASIC,
            Self::Config => CONFIG,
            Self::RpInitiatedLogout => RP_INITIATED_LOGOUT,
            Self::BackChannelLogout => BACK_CHANNEL_LOGOUT,
            Self::Beyond => BEYOND,
        }
    }

    /// The modules in the order of their numbers, which begin at 1.
    pub(super) fn modules(self) -> impl Iterator<Item = Module> {
        (1..)
            .zip(self.test_ids())
            .map(move |(count, &test_id)| Module {
                number: format!("{}.{count:02}", self.label()),
                test_id,
            })
    }
}

const BASIC: &[&str] = &[
    "oidcc-client-test",                          // 01
    "oidcc-client-test-invalid-iss",              // 02
    "oidcc-client-test-missing-sub",              // 03
    "oidcc-client-test-invalid-aud",              // 04
    "oidcc-client-test-missing-iat",              // 05
    "oidcc-client-test-kid-absent-single-jwks",   // 06
    "oidcc-client-test-kid-absent-multiple-jwks", // 07
    "oidcc-client-test-idtoken-sig-rs256",        // 08
    "oidcc-client-test-idtoken-sig-none",         // 09
    "oidcc-client-test-invalid-sig-rs256",        // 10
    "oidcc-client-test-userinfo-invalid-sub",     // 11
    "oidcc-client-test-nonce-invalid",            // 12
    "oidcc-client-test-scope-userinfo-claims",    // 13
    "oidcc-client-test-client-secret-basic",      // 14
];

const CONFIG: &[&str] = &[
    "oidcc-client-test-discovery-openid-config",   // 01
    "oidcc-client-test-discovery-jwks-uri-keys",   // 02
    "oidcc-client-test-discovery-issuer-mismatch", // 03
    "oidcc-client-test-idtoken-sig-none",          // 04
    "oidcc-client-test-signing-key-rotation-just-before-signing", // 05
    "oidcc-client-test-signing-key-rotation",      // 06
];

const RP_INITIATED_LOGOUT: &[&str] = &[
    "oidcc-client-test-rp-init-logout",             // 01
    "oidcc-client-test-rp-init-logout-other-state", // 02
    "oidcc-client-test-rp-init-logout-no-state",    // 03
];

const BACK_CHANNEL_LOGOUT: &[&str] = &[
    "oidcc-client-test-rp-backchannel-rpinitlogout", // 01
    "oidcc-client-test-rp-backchannel-rpinitlogout-alg-none", // 02
    "oidcc-client-test-rp-backchannel-rpinitlogout-no-event", // 03
    "oidcc-client-test-rp-backchannel-rpinitlogout-with-nonce", // 04
    "oidcc-client-test-rp-backchannel-rpinitlogout-wrong-alg", // 05
    "oidcc-client-test-rp-backchannel-rpinitlogout-wrong-aud", // 06
    "oidcc-client-test-rp-backchannel-rpinitlogout-wrong-event", // 07
    "oidcc-client-test-rp-backchannel-rpinitlogout-wrong-iss", // 08
];

const BEYOND: &[&str] = &[
    "oidcc-client-test-refresh-token",                   // 01
    "oidcc-client-test-refresh-token-invalid-issuer",    // 02
    "oidcc-client-test-refresh-token-invalid-sub",       // 03
    "oidcc-client-test-refresh-token-invalid-aud",       // 04
    "oidcc-client-test-refresh-token-invalid-azp",       // 05
    "oidcc-client-test-missing-aud",                     // 06
    "oidcc-client-test-invalid-sig-hs256",               // 07
    "oidcc-client-test-invalid-sig-es256",               // 08
    "oidcc-client-test-invalid-athash",                  // 09
    "oidcc-client-test-missing-athash",                  // 10
    "oidcc-client-test-aggregated-claims",               // 11
    "oidcc-client-test-distributed-claims",              // 12
    "oidcc-client-test-userinfo-signed",                 // 13
    "oidcc-client-test-ignores-unparseable-key-in-jwks", // 14
    "fapi2-security-profile-final-client-test-invalid-expired-exp", // 15
    "fapi2-security-profile-final-client-test-invalid-missing-exp", // 16
    "fapi2-security-profile-final-client-test-invalid-missing-iss", // 17
    "fapi1-advanced-final-client-test-iat-is-week-in-past", // 18
    "fapi1-advanced-final-client-test-valid-aud-as-array", // 19
    "fapi1-advanced-final-client-test-invalid-secondary-aud", // 20
    "fapi2-security-profile-final-client-test-invalid-alternate-alg", // 21
    "fapi2-security-profile-final-client-test-ensure-authorization-response-with-invalid-missing-state-fails", // 22
    "fapi2-security-profile-final-client-test-ensure-authorization-response-with-invalid-state-fails", // 23
    "fapi2-security-profile-final-client-test-invalid-authorization-response-iss", // 24
    "fapi2-security-profile-final-client-test-remove-authorization-response-iss",  // 25
    "fapi2-security-profile-final-client-test-token-endpoint-response-without-expires_in", // 26
    "fapi2-security-profile-final-client-test-token-type-case-insensitivity",      // 27
];
