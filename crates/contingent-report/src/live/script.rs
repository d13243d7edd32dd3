//! The script of a page, with the kernel and the model that it runs.
//!
//! Enters: a [`Report`] with a live part. Leaves: [`page::Live`]. Always holds: the script is the same text in every page, so that its
//! hash is; what differs between pages is data that no browser runs; the kernel is the one that was built from these sources, see
//! `cargo xtask wasm`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use miniz_oxide::deflate::compress_to_vec_zlib;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::controls::{controls, places, verdict};
use crate::document::live::Live;
use crate::document::report::Report;
use crate::html::{Html, minified, source_of};
use crate::page::{self, compact};

/// The kernel, as `xtask/src/packing.rs` packs it and `worker.js` unpacks it: for every model, and for models in which nothing jumps
/// between steps, which is a seventh smaller.
const KERNELS: [&[u8]; 2] =
    [include_bytes!("kernel.wasm.packed"), include_bytes!("kernel.steps.wasm.packed")];
/// What runs it, away from the page.
const WORKER: &str = include_str!("worker.js");
/// What every page has: maps that can be looked at part by part, dots that can be counted, and what begins the live part.
const PAGE: &str = include_str!("page.js");
/// What moves the live part; it stands in the packed spec.
const LIVE: &str = include_str!("live.js");

#[derive(Serialize)]
struct Spec<'a> {
    draws: u32,
    preview: u32,
    view: &'a str,
    digests: Vec<[&'a str; 3]>,
    settings: Vec<String>,
    model: &'a str,
    worker: String,
    script: String,
    form: &'a str,
}

/// What a page has besides its report. Without a live part its maps can still be looked at part by part, and dots be counted.
pub fn of_page(report: &Report) -> page::Live {
    let (script, source) = Html::script(PAGE);
    let mut end = Html::nothing();
    let Some(live) = &report.live else {
        end.push(script);
        let policy = [
            format!("script-src {source}"),
            "require-trusted-types-for 'script'".to_owned(),
            "trusted-types 'none'".to_owned(),
        ];
        return page::Live { end, policy: policy.into(), ..page::Live::default() };
    };
    // Numbers, words and controls repeat each other, so that they are packed in one.
    end.push(Html::bytes("live-spec", &compress_to_vec_zlib(spec(live).as_bytes(), 10)));
    let kernel = KERNELS.into_iter().find(|kernel| name(kernel) == live.kernel);
    end.push(Html::bytes("live-kernel", kernel.unwrap_or(KERNELS[0])));
    end.push(script);
    page::Live {
        controls: places(live),
        verdict: verdict(live),
        end,
        policy: vec![
            format!("script-src {source} {} 'wasm-unsafe-eval'", source_of(&minified(LIVE))),
            "worker-src blob:".to_owned(),
            "require-trusted-types-for 'script'".to_owned(),
            "trusted-types live".to_owned(),
        ],
    }
}

/// Which kernel the page of a model carries, as [`Live::kernel`] says it.
pub fn kernel(makes_jumps: bool) -> String {
    name(KERNELS[usize::from(!makes_jumps)])
}

/// Whether this program has the kernel that [`Live::kernel`] names. A model that was stored for another is not restored by it.
pub fn has_kernel(wanted: &str) -> bool {
    KERNELS.into_iter().any(|kernel| name(kernel) == wanted)
}

fn name(kernel: &[u8]) -> String {
    Sha256::digest(kernel).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// A stored model as [`Live::model`] holds it.
pub fn packed(model: &[u8]) -> String {
    STANDARD.encode(compress_to_vec_zlib(model, 10))
}

fn spec(live: &Live) -> String {
    let form = compact(controls(live).as_str());
    let mut settings = vec![
        "seed".to_owned(),
        live.seed.to_string(),
        "replications".to_owned(),
        live.n_replications.to_string(),
        "words".to_owned(),
        live.words.clone(),
    ];
    for fixed in &live.fixed {
        let element = fixed.element.map_or_else(String::new, |element| element.to_string());
        settings.extend(["fixed".to_owned(), fixed.name.clone(), element, fixed.value.to_string()]);
    }
    let spec = Spec {
        draws: live.n_draws,
        preview: live.n_preview_draws,
        view: live.view.as_deref().unwrap_or(""),
        digests: live
            .digests
            .iter()
            .map(|one| [one.of.as_str(), one.name.as_str(), one.digest.as_str()])
            .collect(),
        settings,
        model: &live.model,
        worker: minified(WORKER),
        script: minified(LIVE),
        form: &form,
    };
    serde_json::to_string(&spec).expect("texts and numbers are JSON")
}
