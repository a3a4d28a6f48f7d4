//! Finds what covers a value of a list, without an allocator: a block of the list at a time, sorted
//! on the stack.

use core::cmp::Ordering;

use cors_core::{List, Pattern};

/// The maximum number of values in a block. More would save work on lists that no provider accepts,
/// and cost stack.
pub(crate) const BLOCK: usize = 128;

/// How the values of a list compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// Patterns, byte for byte.
    Origins,
    /// Patterns, byte for byte; a lone `*` covers nothing else, and nothing is said about it.
    OriginsBesideWildcard,
    /// Patterns, with ASCII case ignored.
    Names,
    /// Texts, byte for byte; a `*` is a byte like any other.
    Texts,
}

/// Calls `visit` with each block of a list, and the index of its first value.
pub(crate) fn blocks<'c>(
    list: List<'c>,
    comparison: Comparison,
    count: impl Fn(usize),
    mut visit: impl FnMut(usize, &Block<'c>),
) {
    let mut rest = list.iter();
    let mut first = 0_usize;
    while rest.clone().next().is_some() {
        let mut block = Block::new(comparison);
        let mut length = 0_usize;
        for (number, value) in rest.by_ref().take(BLOCK).enumerate() {
            block.insert(number, value);
            length = number.saturating_add(1);
        }
        count(length);
        visit(first, &block);
        first = first.saturating_add(length);
    }
}

/// Whether the first list has, for each value of the second, one that covers it. A value that is not
/// a pattern is not covered.
pub(crate) fn covers_all(
    list: List<'_>,
    others: List<'_>,
    comparison: Comparison,
    count: impl Fn(usize) + Copy,
) -> bool {
    let mut rest = others.iter();
    loop {
        let values = rest.clone().take(BLOCK);
        let mut covered = [false; BLOCK];
        let length = values.clone().count();
        if length == 0 {
            return true;
        }
        blocks(list, comparison, count, |_, block| {
            for (covered, value) in covered.iter_mut().zip(values.clone()) {
                *covered = *covered || block.covers(value, count);
            }
        });
        if covered.iter().take(length).any(|covered| !covered) {
            return false;
        }
        rest.by_ref().take(BLOCK).for_each(drop);
    }
}

/// At most [`BLOCK`] values, to be looked up by what they cover.
pub(crate) struct Block<'c> {
    comparison: Comparison,
    /// Distinct values in order, each with the number of the first that is equal.
    entries: Sorted<Entry<'c>>,
    /// The lengths of prefix and suffix that occur, each pair once.
    shapes: Sorted<(usize, usize)>,
    /// The number of the first lone `*`.
    any: Option<usize>,
}

#[derive(Clone, Copy)]
struct Entry<'c> {
    key: Key<'c>,
    number: usize,
}

/// A value as the parts that are compared.
#[derive(Clone, Copy)]
struct Key<'c> {
    has_wildcard: bool,
    prefix: &'c [u8],
    suffix: &'c [u8],
}

impl<'c> Block<'c> {
    fn new(comparison: Comparison) -> Self {
        let key = Key {
            has_wildcard: false,
            prefix: b"",
            suffix: b"",
        };
        Block {
            comparison,
            entries: Sorted::new(Entry { key, number: 0 }),
            shapes: Sorted::new((0, 0)),
            any: None,
        }
    }

    fn insert(&mut self, number: usize, value: &'c str) {
        let key = match self.comparison.pattern(value) {
            None => return,
            Some(Pattern::Any) => {
                self.any = self.any.or(Some(number));
                return;
            }
            Some(Pattern::Exact(text)) => Key::exact(text),
            Some(Pattern::Affix { prefix, suffix }) => {
                let shape = (prefix.len(), suffix.len());
                self.shapes.insert(shape, |known| known.cmp(&shape));
                Key::affix(prefix.as_bytes(), suffix.as_bytes())
            }
        };
        let comparison = self.comparison;
        self.entries.insert(Entry { key, number }, |known| {
            known.key.compare(&key, comparison)
        });
    }

    /// Whether some value of the block covers this one.
    pub(crate) fn covers(&self, value: &str, count: impl Fn(usize)) -> bool {
        self.equal(value, &count).is_some() || self.first_wider(value, &count).is_some()
    }

    /// The number of the first value that matches the same as this one.
    pub(crate) fn equal(&self, value: &str, count: impl Fn(usize)) -> Option<usize> {
        match self.comparison.pattern(value)? {
            Pattern::Any => self.any.filter(|_| self.comparison.compares_any()),
            Pattern::Exact(text) => self.find(Key::exact(text), &count),
            Pattern::Affix { prefix, suffix } => {
                self.find(Key::affix(prefix.as_bytes(), suffix.as_bytes()), &count)
            }
        }
    }

    /// The number of the first value that matches everything that this one does, and more.
    pub(crate) fn first_wider(&self, value: &str, count: impl Fn(usize)) -> Option<usize> {
        // The start and the end of the value that a wider pattern's parts must be parts of.
        let (start, end, own) = match self.comparison.pattern(value)? {
            Pattern::Any => return None,
            Pattern::Exact(text) => (text.as_bytes(), text.as_bytes(), None),
            Pattern::Affix { prefix, suffix } => {
                let own = Some((prefix.len(), suffix.len()));
                (prefix.as_bytes(), suffix.as_bytes(), own)
            }
        };
        let any = self.any.filter(|_| self.comparison.compares_any());
        let wider = self.shapes.iter().filter(|shape| Some(**shape) != own);
        let wider = wider.filter_map(|(prefix, suffix)| {
            // In a text, the two parts do not overlap.
            let fits = own.is_some() || prefix.saturating_add(*suffix) <= start.len();
            let (prefix, _) = start.split_at_checked(*prefix).filter(|_| fits)?;
            let (_, suffix) = end.split_at_checked(end.len().checked_sub(*suffix)?)?;
            self.find(Key::affix(prefix, suffix), &count)
        });
        wider.chain(any).min()
    }

    fn find(&self, key: Key<'_>, count: impl Fn(usize)) -> Option<usize> {
        count(1);
        let found = self
            .entries
            .find(|known| known.key.compare(&key, self.comparison));
        found.map(|entry| entry.number)
    }
}

impl Comparison {
    fn pattern(self, value: &str) -> Option<Pattern<'_>> {
        match self {
            Comparison::Texts => Some(Pattern::Exact(value)),
            _ => Pattern::parse(value),
        }
    }

    fn compares_any(self) -> bool {
        self != Comparison::OriginsBesideWildcard
    }
}

impl<'c> Key<'c> {
    fn exact(text: &'c str) -> Self {
        Key {
            has_wildcard: false,
            prefix: text.as_bytes(),
            suffix: b"",
        }
    }

    fn affix(prefix: &'c [u8], suffix: &'c [u8]) -> Self {
        Key {
            has_wildcard: true,
            prefix,
            suffix,
        }
    }

    fn compare(&self, other: &Key<'_>, comparison: Comparison) -> Ordering {
        let texts = |first: &[u8], second: &[u8]| match comparison {
            Comparison::Names => {
                let [first, second] =
                    [first, second].map(|text| text.iter().map(u8::to_ascii_lowercase));
                first.cmp(second)
            }
            _ => first.cmp(second),
        };
        self.has_wildcard
            .cmp(&other.has_wildcard)
            .then_with(|| texts(self.prefix, other.prefix))
            .then_with(|| texts(self.suffix, other.suffix))
    }
}

/// At most [`BLOCK`] distinct items in order.
struct Sorted<T> {
    items: [T; BLOCK],
    length: usize,
}

impl<T: Copy> Sorted<T> {
    fn new(filler: T) -> Self {
        Sorted {
            items: [filler; BLOCK],
            length: 0,
        }
    }

    fn iter(&self) -> impl Iterator<Item = &T> {
        self.items.iter().take(self.length)
    }

    /// Inserts an item, unless one that is equal is there already.
    fn insert(&mut self, item: T, order: impl Fn(&T) -> Ordering) {
        let (Err(place), Some(length)) = (self.search(order), self.length.checked_add(1)) else {
            return;
        };
        let mut moved = item;
        let after = self.items.iter_mut().take(length).skip(place);
        after.for_each(|item| core::mem::swap(item, &mut moved));
        self.length = length.min(BLOCK);
    }

    fn find(&self, order: impl Fn(&T) -> Ordering) -> Option<&T> {
        self.items.get(self.search(order).ok()?)
    }

    /// Where an item is, or where it would be inserted.
    fn search(&self, order: impl Fn(&T) -> Ordering) -> Result<usize, usize> {
        let items = self.items.get(..self.length).unwrap_or_default();
        items.binary_search_by(order)
    }
}
