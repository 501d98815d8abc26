//! `plan.json` → a plan that can be judged.

use std::io::{self, BufReader, Read};

use super::{Plan, SCHEMA_VERSION};
use crate::encoding::utf8;

/// Longest horizon of a plan that is read: a century of months.
const MOST_PERIODS: u32 = 1200;

/// Why a text is not a plan that this version reads.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is no JSON, or lacks something.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// It cannot be read, or is no text.
    #[error(transparent)]
    Text(#[from] io::Error),
    /// Its layout is another one.
    #[error("it has schema_version {0}; this version reads {SCHEMA_VERSION}")]
    Schema(u32),
    /// Its horizon is absurd.
    #[error("it has {0} periods; at most {MOST_PERIODS} are read")]
    Periods(u32),
}

/// Reads a plan, streamed: plans may be large.
///
/// # Errors
/// When the text is no plan of this version.
pub fn read(text: impl Read) -> Result<Plan, ReadError> {
    let plan: Plan = serde_json::from_reader(BufReader::new(utf8(text)?))?;
    if plan.schema_version != SCHEMA_VERSION {
        return Err(ReadError::Schema(plan.schema_version));
    }
    if plan.inputs.calendar.periods > MOST_PERIODS {
        return Err(ReadError::Periods(plan.inputs.calendar.periods));
    }
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn told(change: impl Fn(&mut Plan)) -> String {
        let mut plan = sample::plan();
        change(&mut plan);
        let text = serde_json::to_string(&plan).unwrap();
        read(text.as_bytes()).map_or_else(|error| error.to_string(), |read| format!("{}", read == plan))
    }

    #[test]
    fn a_plan_is_read_in_every_encoding_that_texts_are() {
        let plan = sample::plan();
        let text = serde_json::to_string(&plan).unwrap();
        let wide = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [text.clone().into_bytes(), format!("\u{feff}{text}").into_bytes(), wide] {
            assert!(read(&bytes[..]).unwrap() == plan);
        }
        let unmarked: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let said = read(&unmarked[..]).unwrap_err().to_string();
        assert_eq!(said, "it seems to be UTF-16 without a byte order mark");
    }

    #[test]
    fn plans_of_this_version_and_of_this_century_are_read() {
        assert_eq!(told(|_| {}), "true");
        assert_eq!(told(|plan| plan.schema_version = 99), "it has schema_version 99; this version reads 1");
        assert_eq!(told(|plan| plan.inputs.calendar.periods = 1201), "it has 1201 periods; at most 1200 are read");
        assert_eq!(
            read(&b"{\"schema_version\": 1"[..]).unwrap_err().to_string(),
            "EOF while parsing an object at line 1 column 20"
        );
    }
}
