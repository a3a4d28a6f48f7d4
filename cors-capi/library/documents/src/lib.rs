//! libcors_engine_documents: exports the functions of `cors_engine.h` and of `cors_engine_documents.h`.
#![no_std]

pub use cors_capi::*;
