//! Bytes from outside → text. UTF-8 and, behind its mark, UTF-16 are read; what is neither is named.

use std::io::{self, BufRead, BufReader, Cursor, Read};

/// The mark that some programs put before UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// How workbooks begin: zip archives, and the older binary ones.
const WORKBOOKS: [&[u8]; 2] = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"];

/// Why bytes are no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotText {
    /// Another encoding; where it differs first.
    #[error("it is not UTF-8 from byte {0} on")]
    NotUtf8(usize),
    /// UTF-16 without a mark might be one of two.
    #[error("it seems to be UTF-16 without a byte order mark")]
    Unmarked,
    /// UTF-16 with half a character.
    #[error("it is damaged UTF-16")]
    Damaged,
    /// Four bytes a character.
    #[error("it is UTF-32")]
    Utf32,
    /// No text at all; where.
    #[error("it has a NUL byte, byte {0}, so it is no text")]
    Nul(usize),
    /// A workbook or another archive.
    #[error("it is a workbook or an archive, whatever its name says")]
    Workbook,
}

/// The text of a file, without a mark at its beginning.
///
/// # Errors
/// When it is in no encoding that is read.
pub fn decode(bytes: Vec<u8>) -> Result<String, NotText> {
    if bytes.starts_with(b"\xff\xfe\0\0") || bytes.starts_with(b"\0\0\xfe\xff") {
        return Err(NotText::Utf32);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return utf16(rest, u16::from_be_bytes);
    }
    if WORKBOOKS.iter().any(|begin| bytes.starts_with(begin)) {
        return Err(NotText::Workbook);
    }
    let bytes = if bytes.starts_with(MARK) { bytes[MARK.len()..].to_vec() } else { bytes };
    match bytes.iter().position(|byte| *byte == 0) {
        Some(first) => Err(nul(&bytes, first)),
        None => String::from_utf8(bytes).map_err(|error| NotText::NotUtf8(error.utf8_error().valid_up_to())),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, NotText> {
    let (pairs, []) = bytes.as_chunks::<2>() else { return Err(NotText::Damaged) };
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    let text = String::from_utf16(&units).map_err(|_| NotText::Damaged)?;
    match text.find('\0') {
        Some(at) => Err(NotText::Nul(at)),
        None => Ok(text),
    }
}

/// Of UTF-16 with letters of most languages, every second byte of the line ends and digits is nil, always the same one.
fn nul(bytes: &[u8], first: usize) -> NotText {
    let nils = bytes.iter().enumerate().filter(|(_, byte)| **byte == 0).map(|(at, _)| at);
    let same_side = nils.clone().all(|at| at % 2 == first % 2);
    if same_side && bytes.len().is_multiple_of(2) && nils.count() * 8 > bytes.len() {
        NotText::Unmarked
    } else {
        NotText::Nul(first)
    }
}

/// A stream as UTF-8, so that a large file need not be held: only UTF-16 is.
///
/// # Errors
/// When it cannot be read, or is in no encoding that is read.
pub fn utf8<'r>(stream: impl Read + 'r) -> io::Result<Box<dyn Read + 'r>> {
    let mut stream = BufReader::new(stream);
    let start = stream.fill_buf()?;
    let is_wide = [&b"\xff\xfe"[..], b"\xfe\xff"].iter().any(|mark| start.starts_with(mark));
    if is_wide || start.iter().take(4).any(|byte| *byte == 0) {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        let text = decode(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        return Ok(Box::new(Cursor::new(text.into_bytes())));
    }
    if start.starts_with(MARK) {
        stream.consume(MARK.len());
    }
    Ok(Box::new(stream))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn a_text_is_the_same_in_every_encoding_that_is_read() {
        for text in ["", "a", "name = \"Saint-Gédéon\"\r\n", "برج,名前,🜨\n"] {
            let marked = format!("\u{feff}{text}");
            for bytes in [
                text.as_bytes().to_vec(),
                marked.as_bytes().to_vec(),
                wide(&marked, u16::to_le_bytes),
                wide(&marked, u16::to_be_bytes),
            ] {
                assert_eq!(decode(bytes.clone()).as_deref(), Ok(text));
                let mut streamed = String::new();
                utf8(&bytes[..]).unwrap().read_to_string(&mut streamed).unwrap();
                assert_eq!(streamed, text);
            }
        }
    }

    #[test]
    fn what_is_no_text_is_named() {
        for (bytes, said) in [
            (
                wide("format = 1\nname = \"Gédéon\"\n", u16::to_le_bytes),
                "it seems to be UTF-16 without a byte order mark",
            ),
            (wide("{\"schema_version\": 1}\n", u16::to_be_bytes), "it seems to be UTF-16 without a byte order mark"),
            (b"\xff\xfea".to_vec(), "it is damaged UTF-16"),
            (b"\xff\xfe\x00\xd8a\x00".to_vec(), "it is damaged UTF-16"),
            (b"\xff\xfe\0\0a\0\0\0".to_vec(), "it is UTF-32"),
            (b"a = 1\0b".to_vec(), "it has a NUL byte, byte 5, so it is no text"),
            (b"name = \"caf\xe9\"".to_vec(), "it is not UTF-8 from byte 11 on"),
            (b"PK\x03\x04\0\0".to_vec(), "it is a workbook or an archive, whatever its name says"),
        ] {
            assert_eq!(decode(bytes).unwrap_err().to_string(), said);
        }
        let unmarked = wide("{\"schema_version\": 1}\n", u16::to_le_bytes);
        assert!(utf8(&unmarked[..]).err().unwrap().to_string().contains("without a byte order mark"));
    }
}
