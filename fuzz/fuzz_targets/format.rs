//! Laying out keeps the meaning, and twice equals once.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    contingent_properties::format(text);
});
