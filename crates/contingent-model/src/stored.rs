//! A checked model as bytes, for a program that runs it without reading its text.
//!
//! Enters: a [`CheckedModel`], or bytes that [`store`] wrote. Leaves: bytes, or a [`CheckedModel`]. Always holds: a model that was
//! stored and restored lowers to the same program and gives the same bits; what no run and no question reads (grounds, claims,
//! places in the text, documentation) is left out and comes back empty. The bytes have no version: whoever stores a model keeps
//! the program that restores it beside them, or says which it is.

use contingent_syntax::ast::Shape;
use serde::{Deserialize, Serialize};

use crate::CheckedModel;

/// A model as bytes (postcard: fields in their order, integers of varying length).
pub fn store(model: &CheckedModel) -> Vec<u8> {
    postcard::to_allocvec(model).expect("a model is data of known lengths")
}

/// The model that was stored; none when the bytes are others.
pub fn restore(bytes: &[u8]) -> Option<CheckedModel> {
    postcard::from_bytes(bytes).ok()
}

/// [`Shape`], which the parser declares.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Shape")]
pub(crate) enum StoredShape {
    /// See [`Shape::Clamped`].
    Clamped,
    /// See [`Shape::Extrapolated`].
    Extrapolated,
    /// See [`Shape::Stepped`].
    Stepped,
}

/// Steps of which the largest means never, whatever the width of the machine that stores them or restores them.
pub(crate) mod step {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    pub(crate) fn serialize<S: Serializer>(step: &usize, serializer: S) -> Result<S::Ok, S::Error> {
        (*step != usize::MAX).then_some(*step).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
        Ok(Option::deserialize(deserializer)?.unwrap_or(usize::MAX))
    }
}

/// Dates as three numbers, so that whoever restores them needs no parser of dates.
pub(crate) mod date {
    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(
        clippy::ref_option,
        clippy::trivially_copy_pass_by_ref,
        reason = "serde calls it with what the field holds"
    )]
    pub(crate) fn serialize<S: Serializer>(date: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
        date.map(|date| (date.year(), date.month(), date.day())).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
        let stored = Option::<(i16, i8, i8)>::deserialize(deserializer)?;
        Ok(stored.and_then(|(year, month, day)| Date::new(year, month, day).ok()))
    }
}
