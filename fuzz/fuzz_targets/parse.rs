//! Reading never fails and keeps every byte.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    contingent_properties::parse(text);
});
