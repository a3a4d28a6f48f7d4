//! The memory that all uploads in flight may use together.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Most bytes that all uploads together keep in memory: 16 of the largest that are still one put.
const MAX_BYTES: u64 = 256 * 1024 * 1024;
/// Most bytes that one upload keeps: a part that is being received, and one that is being stored.
const MAX_BYTES_EACH: u64 = 16 * 1024 * 1024;

/// What is left of the memory.
pub(crate) struct UploadMemory(AtomicU64);

impl UploadMemory {
    pub(crate) fn new() -> Arc<UploadMemory> {
        Arc::new(UploadMemory(AtomicU64::new(MAX_BYTES)))
    }

    /// Begins an upload, with nothing yet.
    pub(crate) fn share(self: &Arc<Self>) -> Arc<Share> {
        Arc::new(Share {
            memory: Arc::clone(self),
            taken: AtomicU64::new(0),
        })
    }
}

/// One upload's part of the memory, returned when the upload is over.
pub(crate) struct Share {
    memory: Arc<UploadMemory>,
    taken: AtomicU64,
}

impl Share {
    /// Takes what an upload needs that has received so many bytes; whether that much is left.
    pub(crate) fn has_room_for(&self, received: u64) -> bool {
        let taken = self.taken.load(Ordering::Relaxed);
        let more = received.min(MAX_BYTES_EACH).saturating_sub(taken);
        let left = |left: u64| left.checked_sub(more);
        let memory = &self.memory.0;
        let has_room = memory
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, left)
            .is_ok();
        if has_room {
            self.taken.fetch_add(more, Ordering::Relaxed);
        }
        has_room
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let taken = self.taken.load(Ordering::Relaxed);
        self.memory.0.fetch_add(taken, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uploads_share_the_memory_and_return_it() {
        let memory = UploadMemory::new();
        let most = MAX_BYTES / MAX_BYTES_EACH;
        let mut shares: Vec<_> = (0..most).map(|_| memory.share()).collect();
        for share in &shares {
            assert!(share.has_room_for(1) && share.has_room_for(MAX_BYTES_EACH));
            assert!(share.has_room_for(u64::MAX), "the rest is in the store");
        }
        let late = memory.share();
        assert!(!late.has_room_for(1));
        shares.pop();
        assert!(late.has_room_for(MAX_BYTES_EACH));
        drop((shares, late));
        assert_eq!(memory.0.load(Ordering::Relaxed), MAX_BYTES);
    }
}
