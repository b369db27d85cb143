//! A run that ends at any call, and the next one.

use crate::support::{Fault, TestTenant, everything};
use tokio::task::JoinSet;

/// Runs at a time.
const AT_ONCE: usize = 8;

/// Each object of the file, as path, member and value.
pub(crate) const OBJECTS: [(&str, &str, &str); 9] = [
    ("applications", "name", "Bookstore"),
    ("applications", "name", "Stock keeper"),
    ("connectors", "connectorId", "aliyun-short-message-service"),
    ("resources", "indicator", "https://api.bookstore.example"),
    ("roles", "name", "librarian"),
    ("organization-scopes", "name", "invite:member"),
    ("organization-roles", "name", "owner"),
    ("organizations", "name", "Acme"),
    ("hooks", "name", "bookstore"),
];

/// Asserts that the tenant has one of everything.
pub(crate) async fn assert_one_of_everything(tenant: &TestTenant) {
    for (path, member, value) in OBJECTS {
        tenant.one(path, member, value).await;
    }
}

/// All requests of a run that nobody disturbs.
async fn requests() -> Vec<String> {
    let tenant = TestTenant::empty().await;
    tenant
        .program()
        .with_file(everything())
        .run(&["apply"])
        .await
        .expect(0);
    tenant.relay.requests()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_ends_at_any_call_is_completed_by_the_next() {
    let mut stories = JoinSet::new();
    for (index, request) in requests().await.into_iter().enumerate() {
        let is_write = !request.starts_with("GET ");
        // A write that the tenant made, and whose answer was lost, too.
        let faults = [Some(Fault::Lost), is_write.then_some(Fault::AnswerLost)];
        for fault in faults.into_iter().flatten() {
            if stories.len() == AT_ONCE {
                stories.join_next().await.unwrap().unwrap();
            }
            stories.spawn(interrupted_after(index, fault));
        }
    }
    while let Some(story) = stories.join_next().await {
        story.unwrap();
    }
}

async fn interrupted_after(requests: usize, fault: Fault) {
    let tenant = TestTenant::empty().await;
    let program = tenant.program().with_file(everything());
    tenant.relay.disturb_after(requests, fault);
    program.run(&["apply"]).await.expect(1);
    tenant.relay.mend();
    program.run(&["apply"]).await.expect(0);
    assert_one_of_everything(&tenant).await;
}
