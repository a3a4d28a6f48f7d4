//! Where in a document: lines and columns as a person counts them.

/// Finds lines and columns of offsets that only grow, in one pass over the text.
pub(crate) struct Positions<'d> {
    rest: &'d str,
    offset: usize,
    line: usize,
    column: usize,
    after_carriage_return: bool,
}

impl<'d> Positions<'d> {
    pub(crate) fn new(text: &'d str) -> Self {
        Positions {
            rest: text,
            offset: 0,
            line: 1,
            column: 1,
            after_carriage_return: false,
        }
    }

    /// Line and column of a byte offset, counted from 1. A line ends at LF, CR, or the two together; a
    /// column is a character.
    pub(crate) fn of(&mut self, offset: usize) -> (usize, usize) {
        let length = offset.saturating_sub(self.offset).min(self.rest.len());
        let (passed, rest) = self
            .rest
            .split_at_checked(length)
            .unwrap_or((self.rest, ""));
        for character in passed.chars() {
            match character {
                '\n' if self.after_carriage_return => {}
                '\n' | '\r' => {
                    self.line = self.line.saturating_add(1);
                    self.column = 1;
                }
                _ => self.column = self.column.saturating_add(1),
            }
            self.after_carriage_return = character == '\r';
        }
        self.offset = self.offset.saturating_add(passed.len());
        self.rest = rest;
        (self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_lf_cr_or_both_and_columns_count_characters() {
        let mut positions = Positions::new("aé\r\nb\rc\nd");
        assert_eq!(positions.of(0), (1, 1));
        assert_eq!(positions.of(3), (1, 3));
        assert_eq!(positions.of(5), (2, 1));
        assert_eq!(positions.of(7), (3, 1));
        assert_eq!(positions.of(9), (4, 1));
        assert_eq!(positions.of(99), (4, 2));
    }
}
