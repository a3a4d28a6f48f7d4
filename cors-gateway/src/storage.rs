//! The storage that the operations on buckets and objects use.

use std::sync::Arc;

use cors_xml::Provider;
use object_store::ObjectStore;

use crate::style::Style;

/// The store, and the provider whose clients it serves.
pub(crate) struct Storage {
    pub(crate) store: Arc<dyn ObjectStore>,
    pub(crate) provider: &'static Provider,
    pub(crate) style: &'static Style,
}

impl Storage {
    pub(crate) fn new(store: Arc<dyn ObjectStore>, provider: &'static Provider) -> Storage {
        Storage {
            store,
            provider,
            style: Style::of(provider),
        }
    }
}
