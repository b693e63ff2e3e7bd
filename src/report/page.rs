//! A page of HTML that needs nothing but itself: headings, text, tables, pictures.

use std::fmt::Write;

use super::TextTable;

/// A self-contained page: style within, pictures as SVG, no request to anywhere.
///
/// Everything that is text is escaped; pictures are taken as they are.
///
/// ```
/// use biodist::report::{Page, TextTable};
/// let mut table = TextTable::new(["organ", "cells"]);
/// table.row(["lung", "95"]);
/// let mut page = Page::new("A run");
/// page.heading("Cells <24 h>").paragraph("By organ.").table(&table);
/// let html = page.to_html();
/// assert!(html.contains("Cells &lt;24 h&gt;") && html.contains("<td>95</td>"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    title: String,
    body: String,
    headings: Vec<String>,
}

const STYLE: &str = include_str!("page.css");

impl Page {
    /// Starts a page.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            body: String::new(),
            headings: vec![],
        }
    }

    /// A heading, which is also a line of the contents.
    pub fn heading(&mut self, text: &str) -> &mut Self {
        let number = self.headings.len();
        let _ = writeln!(self.body, "<h2 id=\"s{number}\">{}</h2>", escape(text));
        self.headings.push(text.to_string());
        self
    }

    /// A lower heading.
    pub fn subheading(&mut self, text: &str) -> &mut Self {
        let _ = writeln!(self.body, "<h3>{}</h3>", escape(text));
        self
    }

    /// A paragraph.
    pub fn paragraph(&mut self, text: &str) -> &mut Self {
        let _ = writeln!(self.body, "<p>{}</p>", escape(text));
        self
    }

    /// A paragraph that must not be overlooked.
    pub fn warning(&mut self, text: &str) -> &mut Self {
        let _ = writeln!(self.body, "<p class=\"warning\">{}</p>", escape(text));
        self
    }

    /// Points, one a line.
    pub fn list<S: AsRef<str>>(&mut self, items: impl IntoIterator<Item = S>) -> &mut Self {
        self.body.push_str("<ul>\n");
        for item in items {
            let _ = writeln!(self.body, "<li>{}</li>", escape(item.as_ref()));
        }
        self.body.push_str("</ul>\n");
        self
    }

    /// Text as it stands: a file, a command, a ledger.
    pub fn verbatim(&mut self, text: &str) -> &mut Self {
        let _ = writeln!(self.body, "<pre>{}</pre>", escape(text));
        self
    }

    /// A table; cells that begin with `PASS`, `FAIL` or `MISSED` are coloured as such.
    pub fn table(&mut self, table: &TextTable) -> &mut Self {
        self.rows("", table)
    }

    /// A table of words: all columns aligned left.
    pub fn table_of_words(&mut self, table: &TextTable) -> &mut Self {
        self.rows(" class=\"words\"", table)
    }

    fn rows(&mut self, class: &str, table: &TextTable) -> &mut Self {
        let _ = writeln!(self.body, "<div class=\"wide\"><table{class}>");
        for (number, row) in table.rows().iter().enumerate() {
            let tag = if number == 0 { "th" } else { "td" };
            self.body.push_str("<tr>");
            for cell in row {
                let class = match cell.split(' ').next() {
                    Some("PASS" | "met") => " class=\"good\"",
                    Some("FAIL" | "MISSED") => " class=\"bad\"",
                    _ => "",
                };
                let _ = write!(self.body, "<{tag}{class}>{}</{tag}>", escape(cell));
            }
            self.body.push_str("</tr>\n");
        }
        self.body.push_str("</table></div>\n");
        self
    }

    /// A picture, given as SVG, with the words that stand for it where it cannot be seen.
    pub fn picture(&mut self, svg: &str, words: &str) -> &mut Self {
        let start = svg.find("<svg").unwrap_or(0);
        let words = escape(words);
        let _ = writeln!(
            self.body,
            "<figure role=\"img\" aria-label=\"{words}\">{}<figcaption>{words}</figcaption></figure>",
            &svg[start..]
        );
        self
    }

    /// The page.
    #[must_use]
    pub fn to_html(&self) -> String {
        let title = escape(&self.title);
        let mut contents = String::new();
        for (number, heading) in self.headings.iter().enumerate() {
            let _ = writeln!(
                contents,
                "<li><a href=\"#s{number}\">{}</a></li>",
                escape(heading)
            );
        }
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
             <h1>{title}</h1>\n<nav aria-label=\"Contents\"><ol>\n{contents}</ol></nav>\n{}</main>\n\
             </body>\n</html>\n",
            self.body
        )
    }
}

/// Text that stands for itself in HTML.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}
