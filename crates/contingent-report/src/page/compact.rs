//! A finished page in fewer letters.
//!
//! Enters: a page as [`crate::html`] makes it. Leaves: the same page. Always holds: a browser shows the same. It makes the same document
//! of both, but for texts of a drawing, which stand in groups that say what they have in common, and for what says which way text
//! runs on a page that has no letter that runs from right to left: there it changes nothing and is left out.
//! What stands in scripts and style sheets stays letter by letter, as their hashes are in the policy.

use std::collections::BTreeMap;

/// The page in fewer letters.
pub(crate) fn compact(page: &str) -> String {
    let named = with_short_names(page);
    let page = named.as_str();
    let runs_one_way = !page.chars().any(may_turn);
    let mut made = String::with_capacity(page.len());
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        push_text(&mut made, &rest[..start]);
        rest = &rest[start..];
        // Values are escaped, so no `>` stands in them.
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        let (tag, after) = rest.split_at(end);
        rest = after;
        let name = tag[1..].trim_end_matches(['>', '/']).split(' ').next().unwrap_or("");
        let is_dropped = runs_one_way && name.trim_start_matches('/') == "bdi" || may_be_left_out(name, rest);
        if name == "text" {
            let whole = &page[page.len() - rest.len() - tag.len()..];
            let n_read = push_texts(&mut made, whole, runs_one_way);
            rest = &whole[n_read..];
        } else if name.starts_with('!') {
            made.push_str(tag);
        } else if !is_dropped {
            push_tag(&mut made, tag, name, runs_one_way);
        }
        if name == "script" || name == "style" {
            let end = rest.find(&format!("</{name}")).unwrap_or(rest.len());
            made.push_str(&rest[..end]);
            rest = &rest[end..];
        }
    }
    made.push_str(rest);
    made
}

/// Titles and descriptions of drawings, to which nothing but their drawing points, are called by numbers.
fn with_short_names(page: &str) -> String {
    let mut made = String::with_capacity(page.len());
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rest = page;
    while let Some((before, names, after)) = rest.split_once(LABELLED).and_then(|(before, after)| {
        let (names, after) = after.split_once('"')?;
        Some((before, names, after))
    }) {
        made.push_str(before);
        made.push_str(LABELLED);
        let n_known = numbers.len();
        let id = names
            .split_once("-title ")
            .map(|(id, _)| id)
            .filter(|id| names == format!("{id}-title {id}-desc"));
        let in_drawing = before.rfind('<').is_some_and(|tag| before[tag..].starts_with("<svg "));
        let Some(id) = id.filter(|_| in_drawing) else {
            made.push_str(names);
            made.push('"');
            rest = after;
            continue;
        };
        let number = *numbers.entry(id).or_insert(n_known);
        made.push_str(&format!("t{number} d{number}\""));
        rest = after;
        // The two follow right behind the tag of the drawing, where they are not those of another.
        let Some((tag, inside)) = rest.split_once('>') else { continue };
        let parts = inside.strip_prefix(&format!("<title id=\"{id}-title\">")).and_then(|inside| {
            let (title, inside) = inside.split_once(&format!("</title><desc id=\"{id}-desc\">"))?;
            Some((title, inside))
        });
        if let Some((title, inside)) = parts {
            made.push_str(&format!("{tag}><title id=\"t{number}\">{title}</title><desc id=\"d{number}\">"));
            rest = inside;
        }
    }
    made.push_str(rest);
    made
}

/// What names a drawing.
const LABELLED: &str = " aria-labelledby=\"";

/// Whether a letter runs from right to left or says which way others run (Unicode 16, classes R, AL and the explicit formats).
fn may_turn(letter: char) -> bool {
    matches!(letter,
        '\u{590}'..='\u{8ff}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// Whether a browser closes an element here without being told (HTML Living Standard, 13.1.2.4).
fn may_be_left_out(name: &str, rest: &str) -> bool {
    let before = |tags: &[&str]| tags.iter().any(|tag| rest.starts_with(tag));
    match name {
        "/td" | "/th" => before(&["<td", "<th>", "<th ", "</tr>"]),
        "/tr" => before(&["<tr>", "</tbody>", "</thead>"]),
        "/thead" => before(&["<tbody>"]),
        "/tbody" => before(&["</table>"]),
        "/li" => before(&["<li>", "<li ", "</ul>", "</ol>"]),
        "/option" => before(&["<option", "</select>"]),
        _ => false,
    }
}

/// Text with the quotes as they are, which end nothing outside of a tag.
fn push_text(made: &mut String, text: &str) {
    made.push_str(&text.replace("&#39;", "'").replace("&quot;", "\""));
}

/// A tag whose values stand without quotes where they may (HTML Living Standard, 13.1.2.3).
fn push_tag(made: &mut String, tag: &str, name: &str, runs_one_way: bool) {
    let closes_itself = tag.ends_with("/>");
    let body = &tag[1 + name.len()..tag.len() - if closes_itself { 2 } else { 1 }];
    made.push('<');
    made.push_str(name);
    let mut rest = body;
    while !rest.is_empty() {
        // ` name="value"`, or ` name` alone.
        let next = rest[1..].find([' ', '=']).map_or(rest.len(), |end| end + 1);
        let (attribute, after) = rest.split_at(next);
        let Some(quoted) = after.strip_prefix("=\"") else {
            made.push_str(attribute);
            rest = after;
            continue;
        };
        let end = quoted.find('"').unwrap_or(quoted.len());
        let value = &quoted[..end];
        rest = quoted.get(end + 1..).unwrap_or("");
        if runs_one_way && attribute == " dir" && value == "auto" {
            continue;
        }
        made.push_str(attribute);
        made.push('=');
        let is_plain = !value.is_empty()
            && value.bytes().all(|byte| !byte.is_ascii_whitespace() && !b"\"'=<>`".contains(&byte));
        // Before `/>` the slash would become part of the value.
        if is_plain && !(closes_itself && rest.is_empty()) {
            made.push_str(value);
        } else {
            made.push('"');
            made.push_str(&value.replace("&#39;", "'"));
            made.push('"');
        }
    }
    made.push_str(if closes_itself { "/>" } else { ">" });
}

/// The attributes of a text in a drawing that say how it looks, and those that say where it stands.
fn looks_and_place(attributes: &str) -> (Vec<&str>, Vec<&str>) {
    attributes
        .split_inclusive("\" ")
        .map(str::trim)
        .partition(|attribute| attribute.starts_with("class=") || attribute.starts_with("text-anchor="))
}

/// Texts of a drawing that follow each other and look the same stand in a group that says how; returns how many bytes were read.
fn push_texts(made: &mut String, page: &str, runs_one_way: bool) -> usize {
    let mut n_read = 0;
    let mut looks: Vec<&str> = Vec::new();
    let mut texts: Vec<(Vec<&str>, &str)> = Vec::new();
    while let Some((attributes, content)) = page[n_read..].strip_prefix("<text ").and_then(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        Some((attributes, rest.split_once("</text>")?.0))
    }) {
        let (look, place) = looks_and_place(attributes);
        if !texts.is_empty() && look != looks {
            break;
        }
        looks = look;
        texts.push((place, content));
        n_read += "<text >".len() + attributes.len() + content.len() + "</text>".len();
    }
    let is_group = texts.len() > 1 && !looks.is_empty();
    if is_group {
        push_tag(made, &format!("<g {}>", looks.join(" ")), "g", runs_one_way);
    }
    for (place, content) in texts {
        let attributes = if is_group { place.join(" ") } else { [looks.clone(), place].concat().join(" ") };
        push_tag(made, &format!("<text {attributes}>"), "text", runs_one_way);
        push_text(made, content);
        made.push_str("</text>");
    }
    if is_group {
        made.push_str("</g>");
    }
    n_read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_lose_their_quotes_where_they_may() {
        assert_eq!(
            compact(
                "<p class=\"a b\" id=\"x-1\" hidden title=\"\">a &quot;b&quot;</p><a href=\"data:x;base64,aa==\">x</a>"
            ),
            "<p class=\"a b\" id=x-1 hidden title=\"\">a \"b\"</p><a href=\"data:x;base64,aa==\">x</a>"
        );
        assert_eq!(compact("<circle r=\"2\" cx=\"1.5\"/>"), "<circle r=2 cx=\"1.5\"/>");
    }

    #[test]
    fn what_a_browser_closes_by_itself_is_not_closed() {
        let table = "<table><thead><tr><th scope=\"col\">A</th></tr></thead><tbody><tr><td>1</td><td></td></tr></tbody></table>";
        assert_eq!(compact(table), "<table><thead><tr><th scope=col>A<tbody><tr><td>1<td></table>");
        assert_eq!(
            compact("<ul><li>a</li><li><ul><li>b</li></ul></li></ul>"),
            "<ul><li>a<li><ul><li>b</ul></ul>"
        );
        assert_eq!(compact("<ul><li>a</li> <li>b</li></ul>"), "<ul><li>a</li> <li>b</ul>");
    }

    #[test]
    fn texts_that_look_the_same_say_so_once() {
        let text = |class: &str, x: u8| {
            format!("<text class=\"{class}\" x=\"{x}\" y=\"2\" text-anchor=\"end\">{x}</text>")
        };
        let page = format!("<g>{}{}{}</g>", text("quiet", 1), text("quiet", 3), text("label", 5));
        assert_eq!(
            compact(&page),
            "<g><g class=quiet text-anchor=end><text x=1 y=2>1</text><text x=3 y=2>3</text></g>\
             <text class=label text-anchor=end x=5 y=2>5</text></g>"
        );
    }

    #[test]
    fn words_of_drawings_are_called_by_numbers() {
        let drawing = "<svg id=\"a-phone\" aria-labelledby=\"a-title a-desc\" role=\"img\"><g></g></svg>";
        let first = "<svg id=\"a\" aria-labelledby=\"a-title a-desc\" role=\"img\"><title id=\"a-title\">A</title><desc id=\"a-desc\">B</desc></svg>";
        let section = "<section aria-labelledby=\"a-title a-desc\"></section>";
        assert_eq!(
            compact(&format!("{section}{first}{drawing}")),
            "<section aria-labelledby=\"a-title a-desc\"></section>\
             <svg id=a aria-labelledby=\"t0 d0\" role=img><title id=t0>A</title><desc id=d0>B</desc></svg>\
             <svg id=a-phone aria-labelledby=\"t0 d0\" role=img><g></g></svg>"
        );
    }

    #[test]
    fn scripts_and_style_sheets_stay_as_they_are() {
        let script = "<script id=\"s\">if (a < b && c > \"d\") {} // <p class=\"x\"><bdi>";
        assert_eq!(
            compact(&format!("{script}</script>")),
            format!("{}</script>", script.replacen("\"s\"", "s", 1))
        );
        assert_eq!(compact("<style>a>b{}</style>"), "<style>a>b{}</style>");
    }

    #[test]
    fn which_way_text_runs_is_said_only_where_some_text_may_run_the_other_way() {
        let page = |text: &str| format!("<p dir=\"auto\"><bdi>{text}</bdi>.</p>");
        assert_eq!(compact(&page("peace")), "<p>peace.</p>");
        assert_eq!(
            compact(&page("\u{635}\u{644}\u{62d}")),
            "<p dir=auto><bdi>\u{635}\u{644}\u{62d}</bdi>.</p>"
        );
        assert!(compact(&page("\u{202e}ecaep")).contains("<bdi>"));
    }
}
