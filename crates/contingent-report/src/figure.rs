//! A chart as it leaves this crate: a drawing, the same numbers as a table, and words for those who see neither.
//!
//! Enters: what a chart drew. Leaves: [`Figure`], and with [`standalone`] a file of its own. Always holds: `svg` is one
//! complete `<svg>` element with `<title>` and `<desc>`, every text in it is escaped, its ids begin with [`Figure::id`], and it
//! names no resource outside itself; the other fields are plain text that whoever writes them into a page must escape.

/// A chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The id of the `<svg>` element, unique on a page; every id inside begins with it and a hyphen.
    pub id: String,
    /// What is shown, as a short title; plain text.
    pub title: String,
    /// What the chart shows, in sentences that serve a reader who cannot see it; plain text.
    pub description: String,
    /// The drawing; colours come from [`STYLE`].
    pub svg: String,
    /// The numbers of the drawing.
    pub table: Table,
    /// How to read the drawing, one or two sentences to be set below it; plain text.
    pub caption: String,
}

impl Figure {
    /// The drawing, named by the title and the description of another drawing of the same numbers on the same page.
    pub fn named_by(&self, other: &Figure) -> String {
        let words = format!(
            "<title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>",
            escaped(&self.title),
            escaped(&self.description),
            id = self.id
        );
        let names = |id: &str| format!("aria-labelledby=\"{id}-title {id}-desc\"");
        self.svg.replacen(&words, "", 1).replacen(&names(&self.id), &names(&other.id), 1)
    }
}

/// What stands for the rest of a description where the table follows the drawing.
const IN_TABLE: &str = "The numbers stand in the table below it.";

impl Figure {
    /// The same with only the first sentence of the description, which says what is drawn, for where the table follows and its numbers
    /// need not be told twice.
    #[must_use]
    pub fn told_by_table(mut self) -> Self {
        let Some((first, rest)) = self.description.split_once(". ") else { return self };
        if self.table.rows.is_empty() || rest.len() <= IN_TABLE.len() {
            return self;
        }
        let short = format!("{first}. {IN_TABLE}");
        let element = |text: &str| format!("<desc id=\"{}-desc\">{}</desc>", self.id, escaped(text));
        self.svg = self.svg.replacen(&element(&self.description), &element(&short), 1);
        self.description = short;
        self
    }
}

/// A table of text; the first column heads its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// What the table holds.
    pub caption: String,
    /// Heads of the columns.
    pub head: Vec<String>,
    /// Rows, each as long as `head`.
    pub rows: Vec<Vec<String>>,
}

/// The style sheet of all charts: a page takes it in once. Every rule is about elements inside `svg.chart`.
pub const STYLE: &str = include_str!("chart/chart.css");

/// Text for use inside an element or a quoted attribute of SVG or HTML. Characters that XML does not allow become U+FFFD.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            '\u{0}'..='\u{1f}' | '\u{7f}' | '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            other => safe.push(other),
        }
    }
    safe
}

/// The drawing as a file of its own: an SVG document with its style sheet inside.
pub fn standalone(figure: &Figure) -> String {
    let svg = &figure.svg;
    let end = svg.find('>').map_or(svg.len(), |end| end + 1);
    let (open, rest) = svg.split_at(end);
    let namespaced = if open.contains(" xmlns=") {
        open.to_owned()
    } else {
        open.replacen("<svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"", 1)
    };
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{namespaced}<style>{STYLE}</style>{rest}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_leave_its_place() {
        assert_eq!(escaped("a<b> & \"c\" 'd'\u{1}"), "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;\u{fffd}");
    }

    #[test]
    fn a_drawing_is_named_by_the_words_of_another() {
        let named = |id: &str| Figure {
            id: id.to_owned(),
            title: "a < b".to_owned(),
            description: "so".to_owned(),
            svg: format!(
                "<svg id=\"{id}\" aria-labelledby=\"{id}-title {id}-desc\"><title id=\"{id}-title\">a &lt; b</title>\
                 <desc id=\"{id}-desc\">so</desc><g></g></svg>"
            ),
            table: Table::default(),
            caption: String::new(),
        };
        assert_eq!(
            named("a-phone").named_by(&named("a")),
            "<svg id=\"a-phone\" aria-labelledby=\"a-title a-desc\"><g></g></svg>"
        );
    }

    #[test]
    fn numbers_that_the_table_tells_need_not_be_in_the_description() {
        let description =
            "Bar chart: a < b. Over all draws the answer is 27 in 100. From the strongest: one, two, three.";
        let figure = Figure {
            id: "f".to_owned(),
            title: String::new(),
            description: description.to_owned(),
            svg: format!("<svg><desc id=\"f-desc\">{}</desc></svg>", escaped(description)),
            table: Table { rows: vec![vec!["1".to_owned()]], ..Table::default() },
            caption: String::new(),
        };
        let short = figure.clone().told_by_table();
        assert_eq!(short.description, format!("Bar chart: a < b. {IN_TABLE}"));
        assert_eq!(
            short.svg,
            format!("<svg><desc id=\"f-desc\">Bar chart: a &lt; b. {IN_TABLE}</desc></svg>")
        );
        let without = Figure { table: Table::default(), ..figure };
        assert_eq!(without.clone().told_by_table(), without);
    }

    #[test]
    fn a_file_of_its_own_has_namespace_and_style() {
        let figure = Figure {
            id: "f".to_owned(),
            title: String::new(),
            description: String::new(),
            svg: "<svg class=\"chart\" id=\"f\"><title>t</title></svg>".to_owned(),
            table: Table::default(),
            caption: String::new(),
        };
        let file = standalone(&figure);
        assert!(file.contains("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" id=\"f\"><style>"));
        assert!(file.ends_with("<title>t</title></svg>\n"));
    }
}
