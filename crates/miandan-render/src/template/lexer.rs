//! Cuts the code of a template into tokens (ECMAScript 5, clause 7, as far as templates need it).

use super::Problem;
use super::source::Fault;

/// A token and where it stands in the source.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token<'s> {
    pub(crate) kind: TokenKind<'s>,
    pub(crate) offset: usize,
    /// Whether a line break, or an end of code, stands between this token and the one before.
    pub(crate) on_new_line: bool,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TokenKind<'s> {
    Number(f64),
    Text(String),
    /// A name or a keyword.
    Name(&'s str),
    Sign(&'static str),
    /// Literal text or an element: its index in the list that is being compiled.
    Node(usize),
    /// `<%=`
    Output,
    /// `%>` of an output.
    OutputEnd,
    /// The end of the element, or of the attribute value.
    End,
}

/// Longer signs first, so that the first match is the longest.
const SIGNS: &[&str] = &[
    ">>>=", "===", "!==", ">>>", "<<=", ">>=", "==", "!=", "<=", ">=", "&&", "||", "++", "--", "+=", "-=",
    "*=", "/=", "%=", "&=", "|=", "^=", "<<", ">>", "=>", "{", "}", "(", ")", "[", "]", ".", ";", ",", "<",
    ">", "+", "-", "*", "/", "%", "&", "|", "^", "!", "~", "?", ":", "=",
];

/// Appends the tokens of one piece of code, which stands at `offset` in the source.
pub(crate) fn tokenize<'s>(code: &'s str, offset: usize, tokens: &mut Vec<Token<'s>>) -> Result<(), Fault> {
    let mut at = 0;
    let mut on_new_line = true;
    while let Some(c) = code[at..].chars().next() {
        let rest = &code[at..];
        let start = offset + at;
        if c.is_whitespace() || c == '\u{FEFF}' {
            on_new_line |= c == '\n' || c == '\r';
            at += c.len_utf8();
            continue;
        }
        if let Some(length) = comment(rest, start)? {
            on_new_line |= rest[..length].contains('\n');
            at += length;
            continue;
        }
        let (kind, length) = if c.is_ascii_digit()
            || c == '.' && rest[1..].starts_with(|next: char| next.is_ascii_digit())
        {
            number(rest, start)?
        } else if c.is_alphabetic() || matches!(c, '_' | '$') {
            let length =
                rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '$')).unwrap_or(rest.len());
            (TokenKind::Name(&rest[..length]), length)
        } else if matches!(c, '"' | '\'') {
            string(rest, c, start)?
        } else {
            let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
            let sign = sign.ok_or(Fault::new(Problem::UnexpectedCharacter, start))?;
            (TokenKind::Sign(sign), sign.len())
        };
        tokens.push(Token { kind, offset: start, on_new_line });
        on_new_line = false;
        at += length;
    }
    Ok(())
}

/// The length of a comment, if one begins here.
fn comment(rest: &str, offset: usize) -> Result<Option<usize>, Fault> {
    if rest.starts_with("//") {
        return Ok(Some(rest.find('\n').unwrap_or(rest.len())));
    }
    if !rest.starts_with("/*") {
        return Ok(None);
    }
    match rest[2..].find("*/") {
        Some(length) => Ok(Some(length + 4)),
        None => Err(Fault::new(Problem::UnexpectedToken, offset)),
    }
}

fn number<'s>(rest: &str, offset: usize) -> Result<(TokenKind<'s>, usize), Fault> {
    let fault = Fault::new(Problem::UnexpectedCharacter, offset);
    let length;
    let value = if let Some(hex) = rest.strip_prefix("0x").or_else(|| rest.strip_prefix("0X")) {
        let digits = hex.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(hex.len());
        length = digits + 2;
        u32::from_str_radix(&hex[..digits], 16).map(f64::from).map_err(|_| fault)?
    } else {
        let digits = |from: usize| {
            from + rest[from..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - from)
        };
        let mut end = digits(0);
        if rest[end..].starts_with('.') {
            end = digits(end + 1);
        }
        if rest[end..].starts_with(['e', 'E']) {
            let sign = usize::from(rest[end + 1..].starts_with(['+', '-']));
            let exponent = digits(end + 1 + sign);
            if exponent == end + 1 + sign {
                return Err(fault);
            }
            end = exponent;
        }
        length = end;
        rest[..end].parse().map_err(|_| fault)?
    };
    // `3px` is no number, and `010` is an octal one in sloppy mode: neither is what was meant.
    let octal =
        rest.len() > 1 && rest.starts_with('0') && rest[1..].starts_with(|c: char| c.is_ascii_digit());
    if octal || rest[length..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$')) {
        return Err(fault);
    }
    Ok((TokenKind::Number(value), length))
}

fn string<'s>(rest: &str, quote: char, offset: usize) -> Result<(TokenKind<'s>, usize), Fault> {
    let unclosed = Fault::new(Problem::UnclosedString, offset);
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            _ if c == quote => return Ok((TokenKind::Text(text), at + 1)),
            '\n' | '\r' => return Err(unclosed),
            '\\' => {
                let (at, escaped) = chars.next().ok_or(unclosed)?;
                let digits = match escaped {
                    'n' => {
                        text.push('\n');
                        0
                    }
                    't' => {
                        text.push('\t');
                        0
                    }
                    'r' | '\n' | '\r' | 'b' | 'f' | 'v' | '0' => 0,
                    'x' => 2,
                    'u' => 4,
                    other => {
                        text.push(other);
                        0
                    }
                };
                if digits > 0 {
                    let value = rest
                        .get(at + 1..at + 1 + digits)
                        .filter(|value| value.bytes().all(|byte| byte.is_ascii_hexdigit()))
                        .and_then(|value| u32::from_str_radix(value, 16).ok())
                        .and_then(char::from_u32)
                        .ok_or(Fault::new(Problem::UnexpectedCharacter, offset + at - 1))?;
                    text.push(value);
                    chars.nth(digits - 1);
                }
            }
            _ => text.push(c),
        }
    }
    Err(unclosed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(code: &str) -> Result<String, (Problem, usize)> {
        let mut tokens = Vec::new();
        tokenize(code, 100, &mut tokens).map_err(|fault| (fault.problem, fault.offset))?;
        Ok(tokens
            .iter()
            .map(|token| match &token.kind {
                TokenKind::Number(value) => value.to_string(),
                TokenKind::Text(text) => format!("{text:?}"),
                TokenKind::Name(name) => (*name).to_owned(),
                TokenKind::Sign(sign) => (*sign).to_owned(),
                _ => unreachable!("only code is tokenized"),
            })
            .collect::<Vec<_>>()
            .join(" "))
    }

    #[test]
    fn tokens() {
        for (code, expected) in [
            ("a.b[0]!==1", "a . b [ 0 ] !== 1"),
            ("i++ <= 0x1F && !x", "i ++ <= 31 && ! x"),
            ("1.5e3 .5 5. 0", "1500 0.5 5 0"),
            ("'it\\'s' \"\\u4e2d\\x41\\n\\>\"", "\"it's\" \"中A\\n>\""),
            ("a // b\nc /* d */ e", "a c e"),
            ("变量 $1 _x", "变量 $1 _x"),
        ] {
            assert_eq!(show(code).as_deref(), Ok(expected), "{code}");
        }
    }

    #[test]
    fn faults() {
        for (code, expected) in [
            ("'abc", (Problem::UnclosedString, 100)),
            ("a = 'b\n'", (Problem::UnclosedString, 104)),
            ("'\\", (Problem::UnclosedString, 100)),
            ("'\\u12'", (Problem::UnexpectedCharacter, 101)),
            ("a # b", (Problem::UnexpectedCharacter, 102)),
            ("1e", (Problem::UnexpectedCharacter, 100)),
            ("3px", (Problem::UnexpectedCharacter, 100)),
            ("010", (Problem::UnexpectedCharacter, 100)),
            ("0x", (Problem::UnexpectedCharacter, 100)),
            ("/* a", (Problem::UnexpectedToken, 100)),
        ] {
            assert_eq!(show(code), Err(expected), "{code}");
        }
    }

    #[test]
    fn line_breaks_are_noticed() {
        let mut tokens = Vec::new();
        tokenize("a\nb c /*\n*/ d", 0, &mut tokens).unwrap();
        let breaks: Vec<bool> = tokens.iter().map(|token| token.on_new_line).collect();
        assert_eq!(breaks, [true, true, false, true]);
    }
}
