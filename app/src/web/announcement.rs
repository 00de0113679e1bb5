//! What a room has to say on every page: a line above the content, and at times a window that opens by itself.

/// An announcement, in the reader's language.
pub struct Announcement {
    /// How much it asks for attention: `warn`, or quiet.
    pub kind: &'static str,
    /// Its icon.
    pub glyph: &'static str,
    /// What is announced.
    pub title: String,
    /// Where more of it stands: a path of ours.
    pub link: String,
    /// The words of the link.
    pub more: String,
    /// Opens by itself on this page.
    pub popup: Option<Popup>,
}

/// A window over the page. It closes without scripts.
pub struct Popup {
    /// What it is about.
    pub text: String,
    /// One thing a line.
    pub lines: Vec<String>,
    /// The word on the button that closes it.
    pub close: String,
}
