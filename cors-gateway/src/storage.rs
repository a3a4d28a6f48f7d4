//! The storage that the operations on buckets and objects use.

use std::sync::Arc;

use cors_http::TargetError;
use cors_xml::Provider;
use object_store::ObjectStore;

use crate::failure::Failure;
use crate::style::Style;

/// Most bytes of a key; the same for both providers.
const MAX_KEY_BYTES: usize = 1024;

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

    /// Whether the provider has objects of this name.
    pub(crate) fn check_key(&self, key: &str, request_id: &str) -> Result<(), Failure> {
        let is_valid = !key.starts_with(self.style.no_key_begins_with)
            && key.len() <= MAX_KEY_BYTES
            && !key.contains('\0');
        if is_valid {
            return Ok(());
        }
        let error = TargetError::Key.to_wire_error(self.provider);
        Err(Failure::wire(&error, "invalid_key", request_id))
    }
}
