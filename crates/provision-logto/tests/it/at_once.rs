//! Several runs at the same time.

use crate::{
    interrupted::assert_one_of_everything,
    support::{Fault, TestTenant, everything},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_runs_two_at_once_leave_one_of_everything() {
    for _ in 0..5 {
        let tenant = TestTenant::empty().await;
        let program = tenant.program().with_file(everything());
        for _ in 0..5 {
            let (one, other) = tokio::join!(program.run(&["apply"]), program.run(&["apply"]));
            one.expect(0);
            other.expect(0);
        }
        assert_one_of_everything(&tenant).await;
    }
}

/// A Logto answers a bare 500 when two create a role of one name at the same moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bare_500_of_a_race_is_found_to_be_done() {
    for request in ["POST /api/resources", "POST /api/roles"] {
        let tenant = TestTenant::empty().await;
        let program = tenant.program().with_file(everything());
        tenant.relay.disturb(request, 1, Fault::Raced);
        program.run(&["apply"]).await.expect(0);
        assert_one_of_everything(&tenant).await;
    }
}

/// The other run was a moment faster: at each object in turn.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_runs_that_create_the_same_object_the_older_object_stays() {
    for request in [
        "POST /api/applications",
        "POST /api/connectors",
        "POST /api/resources",
        "POST /api/roles",
        "POST /api/organization-scopes",
        "POST /api/organization-roles",
        "POST /api/organizations",
        "POST /api/hooks",
    ] {
        let tenant = TestTenant::empty().await;
        let program = tenant.program().with_file(everything());
        tenant.relay.disturb(request, 9, Fault::Twice);
        program.run(&["apply"]).await.expect(0);
        tenant.relay.mend();
        assert_one_of_everything(&tenant).await;
    }
}
