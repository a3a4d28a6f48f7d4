//! A storage server on [s3s](https://docs.rs/s3s) with bucket CORS, in memory: `cargo run --
//! AKIDEXAMPLE secret`.
//!
//! s3s checks signatures and routes the operations of S3; it does not evaluate CORS. Three places
//! add it:
//! 1. before s3s, `decide` answers preflights, which have no signature;
//! 2. after the signature check, a route passes `PUT`, `GET` and `DELETE` of `?cors` to `perform`,
//!    with the raw body;
//! 3. after s3s, the decision's headers are added to every answer, including errors.

mod buckets;
mod cors_route;

use std::convert::Infallible;
use std::env;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cors_http::{BucketOperations, BucketRequest, Target};
use cors_xml::Provider;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use s3s::Body;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tokio::net::TcpListener;

use buckets::Buckets;
use cors_route::{CorsRoute, Received};

struct Server {
    s3: S3Service,
    cors: Arc<BucketOperations<Buckets>>,
    requests: AtomicU64,
}

impl Server {
    fn new(buckets: Buckets, access_key: String, secret_key: String) -> Server {
        let cors = BucketOperations::new(&Provider::S3, buckets.clone(), "s3s-server");
        let cors = Arc::new(cors);
        let mut builder = S3ServiceBuilder::new(buckets);
        builder.set_auth(SimpleAuth::from_single(access_key, secret_key));
        builder.set_route(CorsRoute(Arc::clone(&cors)));
        Server {
            s3: builder.build(),
            cors,
            requests: AtomicU64::new(0),
        }
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        let (mut parts, body) = request.into_parts();
        // If the target is invalid, s3s reports it.
        let Ok(target) = Target::of(&parts, &[]) else {
            return self.serve(Request::from_parts(parts, body)).await;
        };
        let request_id = format!("{:016X}", self.requests.fetch_add(1, Ordering::Relaxed));
        let asked = BucketRequest {
            method: &parts.method,
            headers: &parts.headers,
            target: &target,
            request_id: &request_id,
        };
        let decided = match self.cors.decide(&asked, |_| {}).await {
            Ok(decided) => decided,
            Err(never) => match never {},
        };
        let mut response = match decided.preflight {
            Some(answer) => answer.into_response().map(Body::from),
            None => {
                parts.extensions.insert(Received {
                    bucket: decided.bucket,
                    target,
                    request_id,
                });
                self.serve(Request::from_parts(parts, body)).await
            }
        };
        decided.headers.apply_to(response.headers_mut());
        response
    }

    async fn serve(&self, request: Request<Incoming>) -> Response<Body> {
        match self.s3.call(request.map(Body::from)).await {
            Ok(response) => response,
            Err(error) => {
                eprintln!("{error:?}");
                let mut response = Response::new(Body::empty());
                *response.status_mut() = hyper::StatusCode::INTERNAL_SERVER_ERROR;
                response
            }
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(access_key), Some(secret_key)) = (arguments.next(), arguments.next()) else {
        return Err("give ACCESS_KEY and SECRET_KEY".into());
    };
    let server = Arc::new(Server::new(Buckets::default(), access_key, secret_key));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        let server = Arc::clone(&server);
        let service = service_fn(move |request| {
            let server = Arc::clone(&server);
            async move { Ok::<_, Infallible>(server.answer(request).await) }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}
