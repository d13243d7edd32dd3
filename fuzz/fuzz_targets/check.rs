//! Checking ends and points into the text.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    contingent_properties::check(text);
});
