//! The parts of an image by name: for people who look inside one.

use core::ops::Range;

use super::Policy;
use super::layout::{HEADER_BYTES, Header, Places};

impl<'p> Policy<'p> {
    /// The parts of the image in their order, each with its name and its bytes; together they are the whole image.
    ///
    /// The names are those of the layout's description; a later version of the image may have others.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{Configuration, Dialect, PolicyBuf};
    ///
    /// let owner = PolicyBuf::<128>::compile(&Configuration::new(&Dialect::OSS, &[]))?;
    /// let first = owner.as_policy().parts().next();
    /// assert_eq!(first, Some(("header", 0..64)));
    /// # Ok::<(), cors_core::CompileError>(())
    /// ```
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, Range<usize>)> + use<'p> {
        let header = self.image.first_chunk::<HEADER_BYTES>();
        let places = header
            .and_then(|bytes| Header::from_bytes(bytes).ok())
            .map_or(Places::default(), |header| header.places);
        let place = |place: u32| usize::try_from(place).unwrap_or(usize::MAX);
        let record_places = HEADER_BYTES;
        let records = self.record_places.len().saturating_mul(4);
        let records = record_places.saturating_add(records);
        let ends = [
            ("header", record_places),
            ("record places", records),
            ("records", place(places.methods)),
            ("methods", place(places.origin_entries)),
            ("origin entries", place(places.header_entries)),
            ("header entries", place(places.sets)),
            ("sets", place(places.origin_fan)),
            ("origin fan", place(places.header_fan)),
            ("header fan", place(places.origin_shapes)),
            ("origin shapes", place(places.header_shapes)),
            ("header shapes", place(places.end)),
        ];
        let mut start = 0;
        ends.into_iter().map(move |(name, end)| {
            let part = start..end.max(start);
            start = part.end;
            (name, part)
        })
    }
}
