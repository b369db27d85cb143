//! The client of Logto's Management API.
