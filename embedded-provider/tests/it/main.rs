//! The provider through its front door: what is recorded of Logto is what must come out here.

mod support;

mod sign_in;
