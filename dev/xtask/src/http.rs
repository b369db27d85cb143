//! As little of HTTP/1.1 as this program needs to play a browser and an OpenID Provider on the loopback interface. Threads
//! wait for sockets: no runtime has to be built before `cargo xtask run` can begin.

pub(crate) mod client;
pub(crate) mod message;
pub(crate) mod server;
