//! Texts that know of each of their characters whether a label may show it.

/// A text made of pieces, each of which is shown or hidden on a label.
///
/// The masked text has exactly as many characters as the clear one: each hidden character is one `*`, whatever it is.
/// So a reader can tell of every character of the source what became of it, and compare with a masker that counts
/// otherwise (one `*` for a character with what combines with it, say).
#[derive(Clone, Debug, Default)]
pub(super) struct Labelled {
    pub(super) clear: String,
    pub(super) masked: String,
    /// The street number and the name of the estate or building, as they stand in the text.
    pub(super) keep: Vec<String>,
}

impl Labelled {
    pub(super) fn show(&mut self, piece: &str) -> &mut Self {
        self.clear.push_str(piece);
        self.masked.push_str(piece);
        self
    }

    pub(super) fn hide(&mut self, piece: &str) -> &mut Self {
        self.clear.push_str(piece);
        self.masked.extend(piece.chars().map(|_| '*'));
        self
    }

    /// Shows what a courier cannot do without.
    pub(super) fn keep(&mut self, piece: &str) -> &mut Self {
        self.keep.push(piece.to_owned());
        self.show(piece)
    }

    /// Hides digits and letters and shows what stands between them, as in `2-501`.
    pub(super) fn hide_between(&mut self, piece: &str, separators: &[char]) -> &mut Self {
        for part in piece.split_inclusive(separators) {
            let end = part.trim_end_matches(separators);
            self.hide(end).show(&part[end.len()..]);
        }
        self
    }

    /// Appends another text with its labels.
    pub(super) fn append(&mut self, other: &Labelled) -> &mut Self {
        self.clear.push_str(&other.clear);
        self.masked.push_str(&other.masked);
        self.keep.extend(other.keep.iter().cloned());
        self
    }

    /// A text that is shown whole.
    pub(super) fn of_shown(piece: &str) -> Self {
        let mut text = Labelled::default();
        text.show(piece);
        text
    }
}
