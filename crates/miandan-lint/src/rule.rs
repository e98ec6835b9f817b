//! The rules: what each looks for, why, and what can be done.

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Some labels will make trouble.
    Warning,
    /// Labels are refused, will not be read, or break a rule of privacy.
    Error,
}

impl Severity {
    /// The word in reports: `note`, `warning` or `error`, as SARIF has them.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

macro_rules! rules {
    ($($variant:ident $id:literal $severity:ident $what:literal $why:literal $fix:literal;)+) => {
        /// What a template is looked at for. `docs/lint.md` has all of them in a table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule { $(#[doc = $what] $variant,)+ }

        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Rule] = &[$(Rule::$variant,)+];

            /// The stable name.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Rule::$variant => $id,)+ }
            }

            /// How bad a finding of it is.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Rule::$variant => Severity::$severity,)+ }
            }

            /// What is wrong, in English.
            #[must_use]
            pub const fn what(self) -> &'static str {
                match self { $(Rule::$variant => $what,)+ }
            }

            /// Why it matters: the clause of a standard, a measurement, or practice.
            #[must_use]
            pub const fn why(self) -> &'static str {
                match self { $(Rule::$variant => $why,)+ }
            }

            /// What can be done about it, in English.
            #[must_use]
            pub const fn fix(self) -> &'static str {
                match self { $(Rule::$variant => $fix,)+ }
            }
        }
    };
}

rules! {
    Refused "template-refused" Error "the template is refused" "the component refuses it as well, and prints nothing" "see the problem";
    LabelRefused "label-refused" Error "a label is refused" "no label comes out for orders like this one" "see the problem; test a value before it is used";
    PassedOver "passed-over" Note "something in the template is passed over" "it does nothing here, and may do something elsewhere" "remove it, or write what is meant";
    NotLookedAt "not-looked-at" Note "the template has too many elements for its sheet to be looked at dot by dot" "overlaps, quiet zones and edges were not checked" "use fewer elements, or a smaller sheet";

    ZoneNumber "zone-number" Error "no linear barcode holds the waybill number" "GB/T 41833-2022, zone of codes (码号区)" "add <barcode type=\"code128\"><%=_data.waybillCode%></barcode>";
    NumberText "number-text" Warning "the waybill number does not stand there in digits" "GB/T 41833-2022, zone of codes; it is what is typed when no scanner reads the code" "write hideText:false on the barcode";
    NumberOptional "number-optional" Error "the only barcode of the waybill number may be left out (allowFailure)" "a parcel without a code cannot be sorted" "remove allowFailure from the main barcode";
    NumberOnce "number-once" Note "the waybill number stands in one code only" "a dead dot of the head or a fold can make one code unreadable; a second one elsewhere is read then" "add a QR code or a second barcode, turned";
    NumberSymbology "number-symbology" Warning "the waybill number is in a linear barcode that is not Code 128" "carriers' sorters expect Code 128 (GB/T 18347)" "write type=\"code128\"";
    ZoneDestination "zone-destination" Error "neither the routing code nor the sortation mark is shown" "GB/T 41833-2022, zone of the destination (目的地信息区)" "show _data.routingInfo.routeCode";
    ZoneRecipient "zone-recipient" Error "the recipient's name or address is missing" "GB/T 41833-2022, zone of the recipient (收件人信息区)" "show _data.recipient.name and its address";
    RecipientPhone "recipient-phone" Warning "no phone of the recipient is shown in some orders" "a courier calls the mobile, the other phone or the virtual number, whichever there is" "fall back: virtual || mobile || phone";
    ZoneSender "zone-sender" Warning "the sender is missing" "GB/T 41833-2022, zone of the sender (寄件人信息区)" "show _data.sender.name and its address";
    ZoneGoods "zone-goods" Warning "the goods are missing" "GB/T 41833-2022, zone of the content (内件信息区)" "show the names in _data.packageInfo.items";
    ZoneSignature "zone-signature" Warning "there is no place for the signature" "GB/T 41833-2022, zone of the signature (签收区)" "add a text 签收人 with a line";
    ReprintMark "reprint-mark" Warning "there is no cell for the mark of a reprint" "a label that is printed again has to say so, and is refused where it cannot: two parcels would look like one" "add <layout id=\"REPRINT_MARK\" left=\"…\" top=\"…\" width=\"15\" height=\"7\"/> to the page";
    ReprintMarkSmall "reprint-mark-small" Warning "the cell for the mark of a reprint is too small" "补打 and a number need 12 by 5 mm" "make it larger";
    ReprintMarkTaken "reprint-mark-taken" Error "something is drawn in the cell for the mark of a reprint" "the mark would not be read, or would spoil what stands there" "move one of them";

    ModuleNarrow "module-narrow" Error "a linear barcode has narrow modules" "at two dots less than half of such codes is read once the print is a little blurred, at three nearly all (203 dpi; four at 300)" "widen the box or shorten the content";
    MatrixModule "matrix-module" Note "a matrix code has modules of less than four dots (six at 300 dpi)" "below half a millimetre a blurred print is read by fewer readers" "give it more room, or hold less in it";
    TokenModule "token-module" Error "the courier's token does not fit with modules of three dots (four at 300 dpi)" "it has up to 262 characters, which take 61 modules with the quiet zones: labels with it are refused, or come out without it" "give the code a box of 23 mm, or better of 31 mm";
    BarcodeHeight "barcode-height" Warning "a linear barcode is low" "9 mm for the main one, 6 mm for others: a hand scanner has to hit it" "make the box higher, or hide the text below the bars";
    QuietZone "quiet-zone" Error "something stands in the quiet zone of a symbol" "10 modules on either side of a linear one (ISO/IEC 15417), 4 around QR (ISO/IEC 18004)" "move it away";
    SymbolCovered "symbol-covered" Error "something is drawn over or under a symbol" "a reader needs dark bars on white paper" "move one of them";

    TextCut "text-cut" Error "a text does not fit its box" "it ends with an ellipsis" "widen or heighten the box";
    TextCutLong "text-cut-long" Warning "a long text does not fit its box" "it ends with an ellipsis in orders with long texts" "widen or heighten the box, or let it wrap";
    TextSmall "text-small" Warning "type is smaller than 2 mm" "16 dots at 203 dpi is the least that a thermal head prints legibly" "use 5.7 pt or more";
    AddressSmall "address-small" Warning "the recipient's address is set smaller than 2.5 mm" "it is read at arm's length, often in bad light" "use 7.1 pt or more, and a box that holds it";
    RoutingSmall "routing-small" Warning "the routing code is set smaller than 8.4 mm" "24 pt: it is read from one to two metres while parcels are sorted" "enlarge it";
    RoutingNotLargest "routing-not-largest" Warning "other type is larger than the routing code" "the eye has to find it first" "enlarge the routing code, or make the other smaller";

    TextOverText "text-over-text" Error "two texts overlap" "neither can be read" "move one of them";
    TextOverLine "text-over-line" Warning "a text touches a line or a frame" "strokes run together on a thermal head" "move one of them";
    OffSheet "off-sheet" Error "something stands outside the sheet" "it is cut off" "move it inside";
    SheetMargin "sheet-margin" Warning "something stands less than 1 mm from the edge of the sheet" "paper is not fed quite straight; it may be cut off" "keep 1 mm free";
    SheetSize "sheet-size" Note "the sheet has no size that carriers use" "76×130, 100×110, 100×150, 100×177, 100×180, 100×203 and 100×210 mm are in use" "check the paper in the printer";

    PersonalInSymbol "personal-in-symbol" Error "a personal field stands in a symbol" "GB/T 41833-2022: what is hidden is read by those who may only; a code is read by anybody" "leave it out of the symbol";
    PersonalTwice "personal-twice" Warning "the recipient's name, phone or address is shown more than once" "least data: each further copy is one more to be seen, kept or lost" "show it once; use the region elsewhere";
    OpenedNotShown "opened-not-shown" Warning "a personal field is opened and never shown" "least data: what is not needed is never opened" "take it out of the template";
    PersonalConstant "personal-constant" Error "a phone, an e-mail address or an identity number is written in the template" "it is not masked, and stands on every label" "take it from the order; 400 and 800 numbers may stay";
    OrderInSymbol "order-in-symbol" Warning "an order or payment number stands in a symbol on a waybill" "it links the parcel with an account; the waybill number is enough for everybody on the way" "use the waybill number";

    Grey "grey" Warning "a colour that is neither black nor white" "a thermal head knows no grey: it becomes one of them" "use #000000 or #ffffff";
    Invisible "invisible" Error "a text cannot be seen" "it has the colour of what it stands on" "change one of the colours";
    ReversedSmall "reversed-small" Warning "white type on black is smaller than 2.5 mm" "heat spreads, and closes thin white strokes" "enlarge it, or print it black on white";
    ThinLine "thin-line" Warning "a line is thinner than two dots" "a line of one dot breaks off at 203 dpi (0.25 mm are two)" "use 0.25 mm or more";
    BlackArea "black-area" Warning "more than a third of the sheet is black" "the head gets hot, slows down and wears out" "use frames instead of filled boxes";

    SymbolNone "symbol-none" Error "no symbol can be read" "a parcel without a code cannot be sorted" "see whether the picture is a whole label, sharp and not mirrored; a list has none";
    LinearNone "linear-none" Warning "no linear barcode can be read" "GB/T 41833-2022, zone of codes (码号区); belts read linear codes" "add the waybill number as Code 128, with its quiet zones";
    BarsUneven "bars-uneven" Warning "bars are not whole dots wide" "a printer makes some wider than others, and fewer readers read them" "draw the label for the resolution of the printer, and print it at 100 %";
    ContrastLow "contrast-low" Warning "a symbol is pale" "below 55 % it gets no better grade than C (symbol contrast, ISO/IEC 15416)" "print it black on white; for a photograph: more light, or a darker print";
    PhoneShown "phone-shown" Error "a whole mobile number can be read" "GB/T 41833-2022: at least six digits are hidden; with an extension it would be virtual" "print the masked or the virtual number";
    PhoneDigits "phone-digits" Error "more than five digits of a mobile number can be read" "GB/T 41833-2022: at least six digits are hidden" "hide more of it";
    ResolutionUnknown "resolution-unknown" Note "the file does not say how large its dots are" "lengths are those of a picture with 203 dots an inch" "say it with --dpi";

}

impl Rule {
    /// Those that only the picture of a label tells.
    pub const OF_PICTURES: &[Rule] = &[
        Rule::SymbolNone,
        Rule::LinearNone,
        Rule::BarsUneven,
        Rule::ContrastLow,
        Rule::PhoneShown,
        Rule::PhoneDigits,
        Rule::ResolutionUnknown,
    ];

    /// The rule of a name.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Rule::ALL.iter().copied().find(|rule| rule.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_both_ways_and_are_different() {
        for (index, &rule) in Rule::ALL.iter().enumerate() {
            assert_eq!(Rule::from_id(rule.id()), Some(rule));
            assert!(Rule::ALL[..index].iter().all(|other| other.what() != rule.what()));
            let words = rule.id().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            assert!(words && !rule.why().is_empty() && !rule.fix().is_empty(), "{}", rule.id());
        }
        assert_eq!(Rule::from_id("nothing"), None);
    }
}
