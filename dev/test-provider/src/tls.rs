//! A TLS server whose certificate is signed by an authority that no machine trusts.

use std::sync::Arc;
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

/// The file with the authority's certificate.
pub const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tls/authority.pem");
/// A PEM file without a certificate.
pub const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tls/server.key.pem");

const CERTIFICATE: &[u8] = include_bytes!("tls/server.pem");
const TEAPOT: &[u8] = b"HTTP/1.1 418 I'm a teapot\r\nContent-Length: 0\r\n\r\n";

/// Starts the server and returns its origin. It responds to every request with status 418.
pub async fn start() -> String {
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE).unwrap();
    let key = PrivateKeyDer::from_pem_file(KEY).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(respond(acceptor.clone(), stream));
        }
    });
    format!("https://localhost:{port}")
}

/// A client that refuses the certificate ends the connection.
async fn respond(acceptor: TlsAcceptor, stream: TcpStream) {
    if let Ok(mut stream) = acceptor.accept(stream).await {
        stream.write_all(TEAPOT).await.unwrap();
        stream.shutdown().await.unwrap();
    }
}
