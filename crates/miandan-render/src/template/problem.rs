//! What can be wrong with a template: stable numbers, one sentence and one piece of advice each.
//!
//! A problem carries no text from the template or from an order, so it may cross the fence and stand in a log.

use std::fmt;

use miandan_core::Code;

use crate::image::PictureError;

macro_rules! problems {
    ($($(#[$doc:meta])* $variant:ident = $number:literal $text:literal $hint:literal,)+) => {
        /// What is wrong with a template, or what was passed over in it.
        ///
        /// 1–19 the file, 20–49 elements and styles, 50–69 code, 70–79 data, 80–99 while a label is laid out,
        /// 100 and up remarks: passed over, not refused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        #[repr(u16)]
        pub enum Problem { $($(#[$doc])* $variant = $number,)+ }

        impl Problem {
            /// Every problem, in the order of their numbers.
            pub const ALL: &'static [Problem] = &[$(Problem::$variant,)+];

            /// The problem of a number on the pipe, if there is one.
            #[must_use]
            pub const fn from_number(number: u16) -> Option<Self> {
                match number { $($number => Some(Problem::$variant),)+ _ => None }
            }

            /// What can be done about it, in English.
            #[must_use]
            pub const fn hint(self) -> &'static str {
                match self { $(Problem::$variant => $hint,)+ }
            }

            const fn text(self) -> &'static str {
                match self { $(Problem::$variant => $text,)+ }
            }
        }
    };
}

problems! {
    /// The file is not UTF-8.
    NotUtf8 = 1 "the template is not UTF-8" "save the file as UTF-8",
    /// The file is longer than 256 KiB.
    TooLarge = 2 "the template is larger than 256 KiB" "scale images to the dots of their boxes; remove what is not drawn",
    /// The XML is not well formed.
    MalformedXml = 3 "malformed XML" "check that every element is closed and every attribute value is quoted",
    /// The file has a document type.
    DocumentType = 4 "document types are refused" "remove <!DOCTYPE …>",
    /// An entity other than the five of XML.
    UnknownEntity = 5 "unknown entity" "only &lt; &gt; &amp; &quot; &apos; and numbers such as &#10; are known",
    /// A control character.
    ControlCharacter = 6 "control character in the template" "remove it; tab and line break are the only ones allowed",
    /// Elements or statements are nested too deeply.
    TooDeep = 7 "nested too deeply" "use fewer levels of elements, blocks and parentheses",
    /// More than 4,000 elements and texts.
    TooManyNodes = 8 "more than 4000 elements and texts" "draw repeated things in a loop",

    /// The root is no `<page>`.
    NoPage = 20 "the outermost element is neither page nor layout" "wrap everything in <page width=\"…\" height=\"…\">, or a custom area in <layout width=\"…\" height=\"…\">",
    /// No such element in the dialect.
    UnknownElement = 22 "unknown element" "known are page, header, footer, pageIndex, layout, table, text, line, rect, circle, round, barcode and image",
    /// An element where it cannot stand.
    MisplacedElement = 24 "this element cannot stand here" "elements stand in page, layout, header, footer, th and td; th and td stand in tr, tr in table, header and footer once in page, pageIndex in those",
    /// Text or output between elements.
    StrayText = 25 "text outside a text element" "put it into <text>",
    /// An attribute that the element needs.
    MissingAttribute = 26 "a needed attribute is missing" "page needs width and height, header and footer need height, line needs startX, startY, endX and endY, barcode needs type, image needs src",
    /// Not a length.
    BadLength = 27 "not a length" "write a number of millimetres, or a number with pt",
    /// A length or size out of range.
    OutOfRange = 28 "a size out of range" "pages measure 1 to 1200 mm, other lengths at most 2000 mm",
    /// The size of the page, or the place of an area, is not fixed.
    PageNotFixed = 29 "the size of the page, its header or its footer cannot be computed" "write width and height as numbers, and left and top of an area",
    /// No such type of barcode.
    UnknownSymbology = 30 "unknown type of barcode" "use code128, ean13, qrcode or another type of the documentation",
    /// A type of barcode that is not drawn yet.
    SymbologyNotSupported = 31 "this type of barcode is not supported" "use code128, qrcode or datamatrix",
    /// Rotation of something else than text by something else than quarter turns.
    RotationNotSupported = 32 "only text can be turned by any angle" "use rotation 0, 90, 180 or 270 for barcodes, images, layouts and the rest",
    /// Right-to-left text.
    DirectionNotSupported = 33 "text from right to left is not supported" "remove direction from the style",
    /// `ref` to a layout that does not exist.
    UnknownReference = 34 "no layout has this id" "let ref name the id of another layout as it is written there",
    /// A character of the template that no bundled face has.
    MissingGlyph = 36 "a character that no font has" "write it another way",
    /// `ref` to a layout that leads back to itself.
    ReferenceLoop = 37 "a layout refers to itself" "let ref name a layout that does not contain or refer to this one",
    /// An image from somewhere else.
    ImageElsewhere = 38 "the image is neither in the template nor bundled" "there is no network; write it as data:image/png;base64,... or name a bundled one, or say allowFailure=\"true\"",
    /// An image that cannot be read.
    ImageBroken = 39 "the image cannot be read" "use PNG, JPEG, or BMP without compression, in base64",
    /// An image that is too large.
    ImageTooLarge = 40 "the image is too large" "an image, and all of a template together, may have 1048576 pixels and 4096 along a side; scale it to the dots of its box",

    /// `<%` without `%>`.
    UnclosedCode = 50 "<% without %>" "close the code, or write <\\% for the characters themselves",
    /// Code inside a tag but outside a value.
    CodeInTag = 51 "code inside a tag" "code may stand between elements, in text and in attribute values",
    /// `<%@ … %>` of anything but a bundled file.
    IncludeNotSupported = 52 "only print.js can be included" "copy the text of the file into the template; nothing is fetched",
    /// A string literal without its end.
    UnclosedString = 53 "a string without its end" "close the string on the same line",
    /// A character that begins no token.
    UnexpectedCharacter = 54 "unexpected character in code" "write plain operators; entities such as &amp; are not read in code",
    /// A token where it cannot stand.
    UnexpectedToken = 55 "unexpected word or sign in code" "check parentheses, operators and semicolons",
    /// A block that is not closed within its element.
    UnclosedBlock = 56 "a block that is not closed within its element" "close it with <% } %> before the element ends",
    /// A closing brace without a block.
    StrayBrace = 57 "} without a block in this element" "open and close a block within one element",
    /// JavaScript, but not part of the dialect.
    NotInLanguage = 58 "this part of JavaScript is not in the language of templates" "use var, function, if, switch, for, while, operators, lists, objects and the methods of the documentation; there are no regular expressions",
    /// A name that nothing gave a value.
    UnknownName = 59 "a name that is given no value anywhere" "declare it with var, or use _data, _context or _config",
    /// A function that is not known.
    UnknownFunction = 60 "unknown function" "known are String, Number, parseInt, parseFloat, isNaN, isFinite, those of Math, Array.isArray, Object.keys and those of _context",
    /// A member or method that is not known.
    UnknownMember = 61 "unknown member or method" "strings and lists have length and the methods of the documentation, objects what the code gives them",
    /// Too many or too few arguments.
    WrongArguments = 62 "wrong number of arguments" "see the documentation of the method",
    /// An assignment to something that is no variable.
    BadTarget = 63 "this cannot be assigned to" "assign to a variable, or to a member of a list or an object that the code made; data of the order does not change",
    /// An expression that is too long to be evaluated safely.
    ExpressionTooLong = 64 "expression too long" "split it with a variable",
    /// `break` or `continue` outside a loop.
    OutsideLoop = 66 "break or continue outside a loop" "use it inside a loop, not in an element inside it",

    /// More than 1,000 names.
    TooManyNames = 67 "more than 1000 names" "use fewer variables",

    /// `return` outside a function, or in an element inside it.
    OutsideFunction = 68 "return outside a function" "use it in a function, not in an element inside it",
    /// A name that stands for two things.
    NameClash = 69 "one name for two things" "give the function or the variable a name of its own",

    /// A path below `_data` that does not exist.
    UnknownPath = 70 "an order has no such data" "see the list of data in the documentation",
    /// A field that is never printed.
    FieldNotPrintable = 71 "this field is never printed" "account name, e-mail and identity card do not belong on a label",
    /// A part of `_data` used as a value.
    ObjectAsValue = 72 "a group of fields is no value" "name the field itself; a group may only be tested, as in if (_data.sender)",
    /// `_data[…]` with something computed.
    ComputedPath = 73 "a path below _data cannot be computed" "name the field itself; only lists take a number",
    /// A person in data in clear.
    PersonInData = 74 "data in clear has no persons" "recipient and sender come with orders alone; print them with the template of the waybill",

    /// Too many steps.
    StepLimit = 80 "the code runs too long" "a label may take 100000 steps",
    /// Too much text.
    TextLimit = 81 "the code makes too much text" "a text may have 16 KiB, all texts of a label 256 KiB",
    /// Too many elements.
    ElementLimit = 82 "the label has too many elements" "a label may have 4000 elements and 16 barcodes",
    /// An operation on a value that does not have it.
    WrongType = 83 "an operation on a value that does not have it" "test the value before its member is read",
    /// A barcode that does not fit.
    BarcodeDoesNotFit = 84 "the barcode does not fit its box" "make the box wider; a module must have at least 0.25 mm, of a matrix 3 dots at 203 dpi and 4 at 300",
    /// A barcode of what it cannot hold.
    BarcodeContent = 85 "the barcode cannot hold this content" "Code 128 holds ASCII only, others less; see the documentation",
    /// A barcode of nothing.
    BarcodeEmpty = 86 "the barcode has no content" "test the value before the barcode",
    /// A table that is longer than the page.
    TableDoesNotFit = 87 "the table does not fit the page" "let the page say splitable, or use fewer rows or a longer page; a row is never split",
    /// A barcode that fits with modules narrower than usual.
    BarcodeNarrow = 88 "the barcode has no room for modules of the usual width" "make the box wider or the content shorter; modules usually have 3 dots at 203 dpi, and narrower ones are often not read from thermal labels",
    /// More than 100 pages.
    TooManyPages = 89 "the label has more than 100 pages" "print fewer rows, or on larger pages",

    /// A number whose last digit is not its check digit.
    BarcodeCheckDigit = 90 "the last digit of the barcode is not its check digit" "correct the number, or leave its last digit out",
    /// A number of the wrong length.
    BarcodeLength = 91 "the barcode takes another number of digits" "EAN-13 has 13, EAN-8 has 8, UPC-A has 12, UPC-E has 8, ITF-14 has 14",
    /// A label that is printed again, and no cell for its mark.
    NoReprintCell = 92 "no room for the mark of a copy" "add <layout id=\"REPRINT_MARK\" left=\"…\" top=\"…\" width=\"15\" height=\"7\"/> to the page, with numbers",

    /// An area that is not on the label.
    AreaOutside = 93 "the area does not lie within the label" "correct left, top, width and height of the outermost layout",

    /// A list or an object with more than 1,000 elements.
    ListLimit = 95 "a list or an object is too large" "a list may have 1000 elements, an object 1000 members",
    /// A list with a gap.
    ListGap = 96 "a list with a gap" "add elements with push or at the end; take them out with splice",

    /// Remark: an attribute that is not known.
    UnknownAttribute = 100 "unknown attribute" "it was passed over",
    /// Remark: a style property that is not known.
    UnknownProperty = 101 "unknown style property" "it was passed over",
    /// Remark: a value that the attribute or property cannot have.
    OddValue = 102 "a value that the attribute or property cannot have" "it was passed over",
    /// Remark: a property that makes no difference here.
    PropertyIgnored = 103 "a property that makes no difference here" "it was passed over",
    /// Remark: an image that may fail, and will on each label.
    ImageLeftOut = 104 "an image that will be left out of each label" "it is not in the template, not bundled, or cannot be read",
    /// Remark: a text that ends with an ellipsis.
    TextCut = 105 "the text does not fit its box and ends with an ellipsis" "make the box larger, or let the text wrap",
}

impl Problem {
    /// The number on the pipe; it never changes.
    #[must_use]
    pub const fn number(self) -> u16 {
        self as u16
    }

    /// The code of a template that has the problem.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Problem::FieldNotPrintable => Code::FieldNotPrintable,
            _ => Code::TemplateRefused,
        }
    }
}

impl From<PictureError> for Problem {
    fn from(error: PictureError) -> Self {
        match error {
            PictureError::Elsewhere => Problem::ImageElsewhere,
            PictureError::Broken => Problem::ImageBroken,
            PictureError::TooLarge => Problem::ImageTooLarge,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_both_ways_and_never_repeat() {
        for pair in Problem::ALL.windows(2) {
            assert!(pair[0].number() < pair[1].number());
        }
        for &problem in Problem::ALL {
            assert_eq!(Problem::from_number(problem.number()), Some(problem));
        }
        assert_eq!(Problem::from_number(0), None);
    }

    #[test]
    fn texts_are_lower_case_without_a_stop() {
        for problem in Problem::ALL {
            let text = problem.to_string();
            assert!(!text.ends_with('.') && !problem.hint().ends_with('.'), "{text}");
            assert!(!text.starts_with(char::is_uppercase), "{text}");
        }
    }
}
