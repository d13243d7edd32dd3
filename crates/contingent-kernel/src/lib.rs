//! One experiment answered: what the driver computes for a page, and what the page computes again in a browser.
//!
//! Enters: a checked model, and requests with settings. Leaves: estimates, answers with their charts, and
//! digests. Always holds: the same functions run natively and as WebAssembly, where this crate is compiled with neither threads
//! nor a store; the same request gives the same bits in both, and so the same words and the same drawings.

#[cfg(target_arch = "wasm32")]
#[expect(
    unsafe_code,
    reason = "a page finds functions by their names; none of them reads what an address points to"
)]
mod browser;
mod digest;
pub mod early;
pub mod estimate;
mod fan;
mod message;
pub mod part;
pub mod session;
pub mod time;

pub use message::{read, write};
pub use session::{Ground, Request, Session, SessionError};
