//! What a person writes with hyper and tokio: fetch API MANIFEST IMAGES CAP HTTP [CA].
//! Polls, downloads, hashes, checks the chunks, renames, records.

mod png;

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use hyper::body::{self, HttpBody};
use hyper::client::HttpConnector;
use hyper::header::AUTHORIZATION;
use hyper::{Body, Client, Request, StatusCode};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use rustls::{Certificate, ClientConfig, RootCertStore};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

#[derive(Deserialize)]
struct Job {
    job_id: String,
}

#[derive(Deserialize)]
struct Reply {
    data: State,
}

#[derive(Deserialize)]
struct State {
    status: String,
    url: Option<String>,
}

#[derive(Serialize)]
struct Record<'a> {
    job_id: &'a str,
    status: &'a str,
    path: &'a str,
    bytes: u64,
    sha256: &'a str,
}

struct Run {
    api: String,
    images: PathBuf,
    client: Client<HttpsConnector<HttpConnector>>,
    manifest: Mutex<Lines<BufReader<File>>>,
    results: Mutex<File>,
}

impl Run {
    async fn get(&self, url: &str, key: Option<&str>) -> Result<Body> {
        let mut request = Request::get(url);
        if let Some(key) = key {
            request = request.header(AUTHORIZATION, key);
        }
        let response = self.client.request(request.body(Body::empty())?).await?;
        if response.status() != StatusCode::OK {
            return Err(format!("{url} answered {}", response.status()).into());
        }
        Ok(response.into_body())
    }

    async fn fetch(&self, id: &str) -> Result<()> {
        let address = format!("{}/v1/jobs/{id}", self.api);
        let reply = body::to_bytes(self.get(&address, Some("pictai_simulator")).await?).await?;
        let state = serde_json::from_slice::<Reply>(&reply)?.data;
        let url = match state.url {
            Some(url) if state.status == "completed" => url,
            _ => return Err(format!("{id} is {}", state.status).into()),
        };

        let path = self.images.join(format!("{id}.png"));
        let part = self.images.join(format!(".{id}.part"));
        let mut image = self.get(&url, None).await?;
        let mut file = File::create(&part)?;
        let mut digest = Sha256::new();
        let mut chunks = png::Chunks::new();
        let mut bytes = 0;
        while let Some(piece) = image.data().await {
            let piece = piece?;
            digest.update(&piece);
            chunks.update(&piece)?;
            file.write_all(&piece)?;
            bytes += piece.len() as u64;
        }
        chunks.finish()?;
        drop(file);
        fs::rename(&part, &path)?;

        let record = Record {
            job_id: id,
            status: "downloaded",
            path: path.to_str().ok_or("a path that is no UTF-8")?,
            bytes,
            sha256: &format!("{:x}", digest.finalize()),
        };
        let mut line = serde_json::to_vec(&record)?;
        line.push(b'\n');
        self.results.lock().unwrap().write_all(&line)?;
        Ok(())
    }

    /// One of as many as the cap allows: takes a line, fetches its job, and so on.
    async fn work(&self) -> Result<()> {
        loop {
            let line = match self.manifest.lock().unwrap().next() {
                Some(line) => line?,
                None => return Ok(()),
            };
            self.fetch(&serde_json::from_str::<Job>(&line)?.job_id)
                .await?;
        }
    }
}

/// A client for one version of HTTP over TLS, which trusts the given authority alone.
fn client(
    cap: usize,
    http: &str,
    ca: Option<&str>,
) -> Result<Client<HttpsConnector<HttpConnector>>> {
    let mut roots = RootCertStore::empty();
    if let Some(ca) = ca {
        for certificate in rustls_pemfile::certs(&mut BufReader::new(File::open(ca)?))? {
            roots.add(&Certificate(certificate))?;
        }
    }
    let tls = ClientConfig::builder()
        .with_safe_defaults()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http();
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    let connector = match http {
        "2" => connector.enable_http2().wrap_connector(tcp),
        _ => connector.enable_http1().wrap_connector(tcp),
    };
    Ok(Client::builder()
        .http2_only(http == "2")
        .pool_max_idle_per_host(cap)
        .build(connector))
}

async fn all(run: Arc<Run>, cap: usize) -> Result<()> {
    let workers: Vec<_> = (0..cap)
        .map(|_| {
            let run = run.clone();
            tokio::spawn(async move { run.work().await })
        })
        .collect();
    for worker in workers {
        worker.await??;
    }
    Ok(())
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let (api, manifest, images, cap, http, ca) = match &arguments[..] {
        [_, api, manifest, images, cap, http, ca @ ..] => (api, manifest, images, cap, http, ca),
        _ => return Err("usage: fetch API MANIFEST IMAGES CAP HTTP [CA]".into()),
    };
    let cap = cap.parse()?;
    let images = PathBuf::from(images);
    let run = Arc::new(Run {
        api: api.clone(),
        client: client(cap, http, ca.first().map(String::as_str))?,
        manifest: Mutex::new(BufReader::new(File::open(manifest)?).lines()),
        results: Mutex::new(File::create(images.join("results.jsonl"))?),
        images,
    });
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(all(run, cap))
}
