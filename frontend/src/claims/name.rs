//! The names of the claims that the app can show.

/// Declares each claim with its name on the wire.
macro_rules! claim_names {
    ($($variant:ident = $name:literal),+ $(,)?) => {
        /// A claim of `OpenID` Connect Core 1.0, section 5.1, or of Logto.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum ClaimName { $($variant),+ }

        impl ClaimName {
            /// All names, in no order that matters.
            #[cfg(test)]
            pub(crate) const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name on the wire.
            pub(crate) const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

claim_names! {
    Address = "address",
    Aud = "aud",
    AuthTime = "auth_time",
    Birthdate = "birthdate",
    CreatedAt = "created_at",
    CustomData = "custom_data",
    Email = "email",
    EmailVerified = "email_verified",
    Exp = "exp",
    FamilyName = "family_name",
    Gender = "gender",
    GivenName = "given_name",
    Iat = "iat",
    Identities = "identities",
    Iss = "iss",
    Locale = "locale",
    MiddleName = "middle_name",
    Name = "name",
    Nickname = "nickname",
    OrganizationData = "organization_data",
    OrganizationRoles = "organization_roles",
    Organizations = "organizations",
    PhoneNumber = "phone_number",
    PhoneNumberVerified = "phone_number_verified",
    Picture = "picture",
    PreferredUsername = "preferred_username",
    Profile = "profile",
    Roles = "roles",
    SsoIdentities = "sso_identities",
    Sub = "sub",
    UpdatedAt = "updated_at",
    Username = "username",
    Website = "website",
    Zoneinfo = "zoneinfo",
}

impl ClaimName {
    /// Whether it describes the sign-in, so that only the ID token has it; the others describe the person.
    pub(crate) const fn is_of_the_id_token(self) -> bool {
        matches!(
            self,
            Self::Aud | Self::AuthTime | Self::Exp | Self::Iat | Self::Iss | Self::Sub
        )
    }
}
