//! For persons with a role. An API of yours decides what anybody may do: this only decides what is shown.

use crate::auth::use_auth;
use shared::Claims;
use yew::prelude::*;

/// Properties of [`RequireRole`].
#[derive(PartialEq, Properties)]
pub struct RequireRoleProps {
    /// The name of the role.
    pub role: AttrValue,
    /// The id of the organization in which the person must have the role; absent, the role is one of the tenant.
    #[prop_or_default]
    pub organization: Option<AttrValue>,
    /// What everybody else sees, and everybody while it is not known who is signed in.
    #[prop_or_default]
    pub fallback: Html,
    /// What a person with the role sees.
    pub children: Children,
}

/// Shows its children to persons with a role, by the claims `roles` and `organization_roles` of Logto.
///
/// ```
/// # use frontend::RequireRole;
/// # use yew::prelude::*;
/// # #[component]
/// # fn Shelf() -> Html {
/// html! { <RequireRole role="librarian"><a href="/orders">{ "Orders" }</a></RequireRole> }
/// # }
/// ```
#[component]
pub fn RequireRole(props: &RequireRoleProps) -> Html {
    let auth = use_auth();
    let has_role = auth
        .state
        .person()
        .is_some_and(|person| has_role(&person.claims, &props.role, props.organization.as_deref()));
    if has_role {
        html! { <>{ props.children.clone() }</> }
    } else {
        props.fallback.clone()
    }
}

fn has_role(claims: &Claims, role: &str, organization: Option<&str>) -> bool {
    let listed = |roles: &Option<Vec<String>>, role: &str| {
        roles.iter().flatten().any(|listed| listed == role)
    };
    match organization {
        None => listed(&claims.roles, role),
        Some(organization) => listed(
            &claims.organization_roles,
            &format!("{organization}:{role}"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_counts_where_it_was_given() {
        let claims = Claims {
            roles: Some(vec!["librarian".to_owned()]),
            organization_roles: Some(vec!["shop1:manager".to_owned()]),
            ..Claims::default()
        };
        assert!(has_role(&claims, "librarian", None));
        assert!(has_role(&claims, "manager", Some("shop1")));
        for (role, organization) in [
            ("manager", None),
            ("librarian", Some("shop1")),
            ("manager", Some("shop2")),
            ("shop1:manager", None),
            ("", None),
            ("manager", Some("")),
        ] {
            assert!(
                !has_role(&claims, role, organization),
                "{role} {organization:?}"
            );
        }
        assert!(!has_role(&Claims::default(), "librarian", None));
    }
}
