//! Members of a ZIP file, as far as office documents use the format (PKWARE, APPNOTE 6.3).
//!
//! Enters: the bytes of the file. Leaves: the bytes of a member. Always holds: no member unpacks to more than it may; what
//! is packed to less than a two-hundredth, as no text is, is refused.

use super::{Format, MAX_UNPACKED, ReadError};

/// Most members that are listed.
const MAX_MEMBERS: usize = 20_000;
/// Text packs to about a fourth; markup that repeats itself to a fiftieth.
const MAX_RATIO: usize = 200;
/// Members that unpack to less are not measured by their ratio.
const SMALL: usize = 1024 * 1024;

/// A ZIP file.
pub(super) struct Archive<'a> {
    bytes: &'a [u8],
    members: Vec<Member>,
}

struct Member {
    name: String,
    is_encrypted: bool,
    method: u16,
    n_packed: usize,
    header: usize,
}

fn broken(reason: &'static str) -> ReadError {
    ReadError::Broken { format: Format::Docx, reason }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?)))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?) as usize)
}

impl<'a> Archive<'a> {
    /// Reads the list of members, from the end of the file.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let cut = || broken("its list of parts is missing; it may have been cut off");
        // A comment of at most 65,535 bytes may follow the last record.
        let from = bytes.len().saturating_sub(65_535 + 22);
        let end =
            bytes[from..].windows(4).rposition(|window| window == b"PK\x05\x06").ok_or_else(cut)? + from;
        let n_members = u16_at(bytes, end + 10).ok_or_else(cut)?;
        let mut at = u32_at(bytes, end + 16).ok_or_else(cut)?;
        if n_members > MAX_MEMBERS {
            return Err(ReadError::TooMany { what: "parts", most: MAX_MEMBERS });
        }
        let mut members = Vec::with_capacity(n_members);
        for _ in 0..n_members {
            let member = (|| {
                (bytes.get(at..at.checked_add(4)?)? == b"PK\x01\x02").then_some(())?;
                let name_length = u16_at(bytes, at + 28)?;
                let name = bytes.get(at + 46..at + 46 + name_length)?;
                let member = Member {
                    name: String::from_utf8_lossy(name).into_owned(),
                    is_encrypted: u16_at(bytes, at + 8)? & 1 != 0,
                    method: u16_at(bytes, at + 10)? as u16,
                    n_packed: u32_at(bytes, at + 20)?,
                    header: u32_at(bytes, at + 42)?,
                };
                Some((member, at + 46 + name_length + u16_at(bytes, at + 30)? + u16_at(bytes, at + 32)?))
            })();
            let (member, next) = member.ok_or_else(cut)?;
            members.push(member);
            at = next;
        }
        Ok(Self { bytes, members })
    }

    /// Unpacks a member; nothing when there is none of the name.
    pub(super) fn member(&self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let Some(member) = self.members.iter().find(|member| member.name == name) else { return Ok(None) };
        if member.is_encrypted {
            return Err(ReadError::Encrypted { format: Format::Docx });
        }
        let packed = (|| {
            let at = member.header;
            (self.bytes.get(at..at.checked_add(4)?)? == b"PK\x03\x04").then_some(())?;
            let start = at + 30 + u16_at(self.bytes, at + 26)? + u16_at(self.bytes, at + 28)?;
            self.bytes.get(start..start.checked_add(member.n_packed)?)
        })()
        .ok_or_else(|| broken("a part lies outside the file"))?;
        match member.method {
            0 => Ok(Some(packed.to_vec())),
            8 => {
                let most = MAX_UNPACKED.min((packed.len() * MAX_RATIO).max(SMALL));
                miniz_oxide::inflate::decompress_to_vec_with_limit(packed, most).map(Some).map_err(|error| {
                    if error.status == miniz_oxide::inflate::TINFLStatus::HasMoreOutput {
                        ReadError::Unpacks { what: "parts" }
                    } else {
                        broken("a part cannot be unpacked")
                    }
                })
            }
            _ => Err(broken("a part is packed in a way that office documents do not use")),
        }
    }
}
