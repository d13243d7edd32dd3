//! Layout: what it does, that it does it once, and that nothing but spaces and line breaks changes.

use std::path::{Path, PathBuf};

use contingent_syntax::{FileId, format, meaning, parse};
use proptest::prelude::*;
use proptest::sample::{Index, select};

#[track_caller]
fn laid_out(text: &str) -> String {
    format(text).unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}\n{text}"))
}

/// Each case becomes the second text, which stays as it is.
#[track_caller]
fn becomes(text: &str, expected: &str) {
    assert_eq!(laid_out(text), expected);
    assert_eq!(laid_out(expected), expected);
}

#[test]
fn spaces_stand_where_the_forms_have_them() {
    becomes(
        "aux x=-3+-( 4*- y )^2-z\naux w[ region ,r2 ]:fighter ^ 2 / week=f( a=3,{x :1} , 60 %:2 )\n",
        "aux x = -3 + -(4 * -y) ^ 2 - z\naux w[region, r2]: fighter^2/week = f(a = 3, { x: 1 }, 60%: 2)\n",
    );
    becomes(
        "flow f:->b  =4fighter ^ 2*x ^ 2 per week ^ 2\nflow g :a->=x [ kabul,* ] . count\nunit a,b",
        "flow f: -> b = 4 fighter^2 * x ^ 2 per week^2\nflow g: a -> = x[kabul, *].count\nunit a, b\n",
    );
    becomes(
        "aux x=(a)and(b)or not(c)and -d<max( 1,2 )\nlookup f( x:1 ):1=(0,0)( 2 , - 0.4 )",
        "aux x = (a) and (b) or not (c) and -d < max(1, 2)\nlookup f(x: 1): 1 = (0, 0) (2, -0.4)\n",
    );
    becomes(
        "question q \"Q\"{P(within 3 weeks:( a==b )for 2 weeks),resolves \"r\"}\n\
         decision d every 2 weeks{option a worth -1,choose logit( 2 )}",
        "question q \"Q\" { P( within 3 weeks: (a == b) for 2 weeks ), resolves \"r\" }\n\
         decision d every 2 weeks { option a worth -1, choose logit(2) }\n",
    );
}

#[test]
fn lines_are_indented_by_what_they_stand_in() {
    becomes(
        "actor a \"A\"{\n\n\naux x =\n      if b\nthen 1\n        else (2\n+ 3)\n# before the end\n\n}\n",
        "actor a \"A\" {\n\n  aux x =\n    if b\n    then 1\n    else (2\n          + 3)\n  # before the end\n}\n",
    );
    becomes(
        "view v \"V\" { a = { kabul: 1 to 2,\neast: 3 }\nbecause c, judgement \"x\"\n\"y\" }",
        "view v \"V\" {\n  a = {\n    kabul: 1 to 2,\n    east: 3\n  }\n    because c, judgement \"x\"\n      \"y\"\n}\n",
    );
    becomes(
        "source s \"S\" {\n publisher \"a\"\n\"b\"\n}\naux x = sum(\n1 +\n2\n)\n",
        "source s \"S\" {\n  publisher \"a\"\n            \"b\"\n}\naux x = sum(\n  1 +\n  2\n)\n",
    );
}

#[test]
fn comments_keep_their_places_and_their_words() {
    becomes(
        "\n\n#first  \n\n\n\n   ## doc\naux x = 1 #c\n aux yy = (2 + # d\n # e\n 3)   \n\n\n# last",
        "#first\n\n## doc\naux x = 1  #c\naux yy = (2 +  # d\n          # e\n          3)\n\n# last\n",
    );
}

#[test]
fn comments_that_stood_below_each_other_do_so_again() {
    becomes(
        "aux x = 1      # one\naux long_names=2# two\n# more\naux y = 3  # apart\n",
        "aux x = 1  # one\naux long_names = 2  # two\n# more\naux y = 3  # apart\n",
    );
    becomes(
        "aux x = 1     # one\naux y =  22   # two\n              # more\nstock z: 1=3  # three\n",
        "aux x = 1       # one\naux y = 22      # two\n                # more\nstock z: 1 = 3  # three\n",
    );
}

#[test]
fn columns_that_were_lined_up_are_again() {
    becomes(
        "subscript region {\n kabul \"Kabul\"\n east  \"The east\"\n}\n",
        "subscript region {\n  kabul \"Kabul\"\n  east  \"The east\"\n}\n",
    );
    becomes(
        "assume a = 1 to 2        because b\nassume ccc=33 to 44      because d\nassume e = 1 because f\n",
        "assume a = 1 to 2      because b\nassume ccc = 33 to 44  because d\nassume e = 1 because f\n",
    );
    becomes("aux x  = 1\naux yyy  = 2\n", "aux x = 1\naux yyy = 2\n");
}

#[test]
fn line_ends_of_other_systems_become_ours() {
    becomes("\u{feff}aux x = 1\r\n\r\n\r\n# c\raux y = 2\r", "aux x = 1\n\n# c\naux y = 2\n");
    assert_eq!(laid_out("\n \r\n"), "");
    assert_eq!(laid_out("# c"), "# c\n");
}

#[test]
fn broken_texts_are_refused_with_their_diagnostics() {
    let text = "aux   x = 1 +\nstok y = 2\n";
    assert_eq!(format(text), Err(parse(FileId(0), text).diagnostics));
}

fn files(directory: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    let entries =
        std::fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the examples are files")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The fenced blocks of the language in the pages of a folder, by page.
fn blocks(folder: &str) -> Vec<(PathBuf, String)> {
    let mut pages = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder), "md", &mut pages);
    let mut blocks = Vec::new();
    for page in pages {
        let text = read(&page);
        for rest in text.split("\n```ctg").skip(1) {
            let (_, block) = rest.split_once('\n').unwrap_or(("", rest));
            let block = block.split("```").next().unwrap_or("").to_owned();
            blocks.push((page.clone(), block));
        }
    }
    blocks
}

fn models() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models"), "ctg", &mut found);
    found.into_iter().map(|path| (path.clone(), read(&path))).collect()
}

#[test]
fn the_models_and_the_examples_of_the_documents_are_laid_out() {
    let mut examples = models();
    examples.extend(blocks("docs"));
    assert!(examples.len() > 10, "the examples were found");
    for (path, text) in examples {
        // An example that shows a mistake cannot be laid out.
        if let Ok(laid_out) = format(&text) {
            assert_eq!(laid_out, text, "{}: `contingent fmt` lays it out", path.display());
        }
    }
}

/// Texts to change: the models cut into declarations, and the blocks of the conformance pages.
fn seeds() -> Vec<String> {
    let models = models().into_iter().flat_map(|(_, text)| {
        let parts: Vec<String> = text.split("\n\n").map(|part| format!("{part}\n")).collect();
        parts.chunks(4).map(|parts| parts.join("\n")).collect::<Vec<_>>()
    });
    models.chain(blocks("conformance").into_iter().map(|(_, block)| block)).collect()
}

const PIECES: &[&str] = &[
    "\n",
    "\n\n\n",
    "\r\n",
    "\r",
    "  ",
    "\t",
    " ",
    "#c\n",
    "## d\n",
    ",",
    ":",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    " = ",
    " -> ",
    "-",
    "+",
    " * ",
    "/",
    "^",
    "%",
    ".",
    " because ",
    " within ",
    " when ",
    " then ",
    " else ",
    " and ",
    " per ",
    " to ",
    " if ",
    " 3 ",
    " x ",
    " \"a\" ",
    "\"",
    "kabul: 1",
    "aux x = 1\n",
    "\u{a0}",
    "é",
    "1_0",
    " of ",
];

fn changes() -> impl Strategy<Value = Vec<(Index, Index, usize)>> {
    prop::collection::vec((any::<Index>(), any::<Index>(), 0..4_usize), 0..5)
}

/// A text with pieces put in, and some characters taken out.
fn changed(text: &str, changes: &[(Index, Index, usize)]) -> String {
    let mut text = text.to_owned();
    for (place, piece, n_taken) in changes {
        let places: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
        let at = places[place.index(places.len())];
        let rest: String = text[at..].chars().skip(*n_taken).collect();
        text = format!("{}{}{rest}", &text[..at], PIECES[piece.index(PIECES.len())]);
    }
    text
}

/// What must hold of any text; says whether it could be laid out.
fn holds(text: &str) -> Result<bool, TestCaseError> {
    let read = parse(FileId(0), text);
    prop_assert_eq!(read.syntax().to_string(), text);
    let Ok(laid_out) = format(text) else {
        prop_assert!(!read.diagnostics.is_empty());
        return Ok(false);
    };
    let again = parse(FileId(0), &laid_out);
    prop_assert_eq!(&again.diagnostics, &vec![]);
    prop_assert_eq!(meaning(&again.file), meaning(&read.file));
    prop_assert_eq!(without_spaces(&laid_out), without_spaces(text));
    prop_assert_eq!(format(&laid_out), Ok(laid_out));
    Ok(true)
}

/// All that is no space, in order; comments and strings included.
fn without_spaces(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace() && *character != '\u{feff}').collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_soup_of_tokens_is_kept_and_laid_out_once(pieces in prop::collection::vec(select(PIECES), 0..60)) {
        holds(&pieces.concat())?;
    }

    #[test]
    fn changed_examples_are_kept_and_laid_out_once(seed in any::<Index>(), changes in changes()) {
        let seeds = SEEDS.with(std::rc::Rc::clone);
        holds(&changed(&seeds[seed.index(seeds.len())], &changes))?;
    }
}

thread_local! {
    static SEEDS: std::rc::Rc<Vec<String>> = std::rc::Rc::new(seeds());
}

#[test]
fn every_example_is_laid_out_once() {
    let laid_out =
        seeds().iter().filter(|seed| holds(seed).unwrap_or_else(|error| panic!("{error}\n{seed}"))).count();
    assert!(laid_out > 150, "only {laid_out} examples can be laid out");
}
