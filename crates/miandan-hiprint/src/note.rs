//! The report: what became of each element, why, and what can be done. Nothing of the design is in it but names of fields.

/// What became of an element, or of a setting of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Which panel, from 0.
    pub panel: usize,
    /// Which element of the panel, from 0; none where the panel itself is meant.
    pub element: Option<usize>,
    /// The place in the file as a JSON pointer (RFC 6901).
    pub pointer: String,
    /// What it is.
    pub kind: Kind,
    /// Whether it is in the template.
    pub outcome: Outcome,
    /// The name of its field in the design, shortened where it is long.
    pub field: Option<String>,
    /// What is printed there: a name of [`Target`](crate::Target).
    pub target: Option<&'static str>,
    /// What is not as it was.
    pub remarks: Vec<Remark>,
}

/// Something that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What and why.
    pub reason: Reason,
    /// The name of a column of a table, where one is meant.
    pub column: Option<String>,
}

/// Whether an element is in the template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// As it was.
    Carried,
    /// It is there, and something about it is not as it was.
    Changed,
    /// It is not there.
    LeftOut,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Outcome; 3] = [Outcome::Carried, Outcome::Changed, Outcome::LeftOut];

    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Outcome::Carried => "carried",
            Outcome::Changed => "changed",
            Outcome::LeftOut => "left-out",
        }
    }
}

macro_rules! kinds {
    ($($variant:ident $id:literal;)+) => {
        /// What an element of a design is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Kind { $(#[doc = $id] $variant,)+ }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Kind] = &[$(Kind::$variant,)+];

            /// The word in reports; of elements the one that the design has.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Kind::$variant => $id,)+ }
            }
        }
    };
}

kinds! {
    Panel "panel";
    Text "text";
    LongText "longText";
    Barcode "barcode";
    QrCode "qrcode";
    Image "image";
    Table "table";
    Html "html";
    HorizontalLine "hline";
    VerticalLine "vline";
    Rectangle "rect";
    Oval "oval";
    Unknown "unknown";
}

macro_rules! reasons {
    ($($variant:ident $id:literal $what:literal $fix:literal;)+) => {
        /// Why something is not as it was. `docs/import-hiprint.md` has all of them in a table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Reason { $(#[doc = $what] $variant,)+ }

        impl Reason {
            /// Every reason.
            pub const ALL: &'static [Reason] = &[$(Reason::$variant,)+];

            /// The stable name.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Reason::$variant => $id,)+ }
            }

            /// What is not as it was, in English.
            #[must_use]
            pub const fn what(self) -> &'static str {
                match self { $(Reason::$variant => $what,)+ }
            }

            /// What can be done about it, in English.
            #[must_use]
            pub const fn fix(self) -> &'static str {
                match self { $(Reason::$variant => $fix,)+ }
            }
        }
    };
}

reasons! {
    UnknownField "unknown-field" "no order has a field that is known by this name" "name it in a map, or complete the element in the comment that stands in its place";
    ByTitle "by-title" "the name of the field is not known; its title says what it is" "check that it is so; name the field in a map if it is something else";
    NeverPrinted "never-printed" "account names, e-mail addresses and identity documents are never printed" "take it out of the design; if the field holds something else, name it in a map";
    PersonalInCode "personal-in-code" "a personal field in a code can be read by anybody" "put the waybill number into the code";
    NoContent "no-content" "it has neither a field nor a text" "give it a field in the design, or a text in the template";
    FixedCode "fixed-code" "a code without a field, whose text is a name or cannot be drawn" "give it a field in the design, or write a barcode into the template";
    Symbology "symbology" "this type of code is not drawn here" "use code128 or qrcode, or another type that docs/templates.md lists";
    SymbologyChanged "symbology-changed" "it is drawn as the code that is nearest to its own" "check with a reader that it is what your scanners expect";
    CodeGrown "code-grown" "the code had no room for its quiet zone" "it has a larger box about the same middle; check what stands beside it";
    TooManyCodes "too-many-codes" "a label may have 16 codes" "take out those that are not needed";
    Angle "angle" "only texts and lines are turned by other angles than quarter turns" "it was turned by the nearest quarter turn; check its place";
    Justified "justified" "text is not justified here" "it stands at the left; choose another alignment in the template";
    Decoration "decoration" "text is underlined only; it is neither struck through nor overlined" "draw a line over it where it matters";
    Colour "colour" "a thermal printer has black and white only" "it has the nearer of the two; choose the other in the template";
    FontSize "font-size" "the size of the type is out of range" "it was set to the nearest that is allowed";
    LineHeight "line-height" "lines that stand closer than their type is high, or too far apart" "they were moved so that they can be read";
    Markup "markup" "a text with HTML in it" "line breaks were kept, other tags left out; style the element in the template";
    Characters "characters" "the typeface lacks characters of a text" "a box stands for each; write the text in another way";
    Formatter "formatter" "a function of JavaScript made its text" "the value is printed as it is; write the rule as code of the template (docs/templates.md)";
    Styler "styler" "a function of JavaScript made its style" "style the element in the template, if need be with code";
    Format "format" "the format of the value is not carried over" "format it with code of the template";
    UpperCase "upper-case" "amounts are not written in Chinese capitals here" "write them with code of the template";
    PageRule "page-rule" "rules on which page it stands, and where on later pages, are not carried over" "use the header, the footer and layouts of the template";
    NotShown "not-shown" "it is on no page" "nothing; it was not printed before either";
    Indent "indent" "the first line of a text is not indented here" "put spaces of full width in front of it";
    PictureElsewhere "picture-elsewhere" "the picture is an address; nothing is fetched here" "put the picture into the template as a data URL";
    PictureBroken "picture-broken" "the picture cannot be read" "use PNG, JPEG or BMP in base64";
    PictureTooLarge "picture-too-large" "the pictures are too large or too many" "scale them to the dots of their boxes; a label may have 16, with 1048576 pixels in all, and a template 256 KiB";
    PictureField "picture-field" "orders have no pictures" "put the picture into the template as a data URL";
    PictureFit "picture-fit" "pictures are not cut off" "it is shown whole; change its box";
    Rounded "rounded" "the corners of pictures are not rounded" "round them in the picture itself";
    BorderStyle "border-style" "a border of an unusual kind" "it is solid; choose dashed or dotted in the template";
    Html "html" "HTML made by a function is not carried over" "draw it with elements of the template";
    UnknownKind "unknown-kind" "the kind of the element is not known here" "draw it with elements of the template";
    UnknownColumn "unknown-column" "no field of the goods is known by this name" "the column is empty; name its field in a map, or complete the column in the template";
    ColumnCode "column-code" "codes and pictures in a table are not carried over" "the value stands there as text; take the column out, or add a barcode to its cell";
    ColumnFormatter "column-formatter" "functions of JavaScript in a table are not carried over" "write the rule as code of the template";
    Summary "summary" "the sums below a table are not carried over" "add a row; _data.packageInfo.totalCount is the number of pieces";
    TableBorder "table-border" "borders of single sides of a table are not carried over" "all lines of that direction are drawn; set cellBorderWidth and headerBorderWidth";
    TableRows "table-rows" "groups, merged cells, columns of rows and empty rows are not carried over" "write them as rows of the template";
    TableHead "table-head" "the head of the table does not fill a grid" "only its last row was carried over; check the headings";
    SecondTable "second-table" "only the uppermost table moves what stands below it" "put what follows into layouts with orientation=\"vertical\"";
    OffSheet "off-sheet" "it is far off the sheet" "nothing, unless its position is wrong in the design";
    Value "value" "a value could not be read" "the usual one was taken; check the element";
    TooMuch "too-much" "the template would be too long" "make several templates of it, or scale its pictures down";
    OtherPanel "other-panel" "a template is one panel" "import the others one by one (--panel)";
    PageNumber "page-number" "the number of the page stands outside of a footer, or its format is not carried over" "use pageIndex in a header or a footer; take it off in the design where a label is one page";
    Watermark "watermark" "watermarks are not printed" "draw a text in a light place where it matters";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_words_and_never_repeat() {
        let mut ids: Vec<_> = Reason::ALL.iter().map(|reason| reason.id()).collect();
        assert!(ids.iter().all(|id| id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')));
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), Reason::ALL.len());
    }

    #[test]
    fn texts_are_lower_case_without_a_stop() {
        for reason in Reason::ALL {
            for text in [reason.what(), reason.fix()] {
                assert!(!text.is_empty() && !text.ends_with('.'), "{text}");
                assert!(!text.starts_with(char::is_uppercase) || text.starts_with("HTML"), "{text}");
            }
        }
    }
}
