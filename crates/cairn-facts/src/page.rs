//! Text for people, built without printing: titles, facts in two columns, tables, sentences. Whether it carries colour is decided by
//! whoever prints it.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table, TableComponent};
use console::Style;

/// A text in the making.
#[derive(Debug)]
pub struct Page {
    colour: bool,
    text: String,
    /// Facts not yet written: their labels are padded to the longest of the block.
    facts: Vec<(String, String)>,
}

/// How a table's column is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Text(&'static str),
    Number(&'static str),
}

/// What a command's result tells a person.
pub trait Show {
    fn show(&self, page: &mut Page);
}

impl<T: Show> Show for Vec<T> {
    fn show(&self, page: &mut Page) {
        for one in self {
            one.show(page);
        }
    }
}

impl Page {
    #[must_use]
    pub const fn new(colour: bool) -> Self {
        Self {
            colour,
            text: String::new(),
            facts: Vec::new(),
        }
    }

    /// A line that names what follows; set off by an empty line from what stands above.
    pub fn title(&mut self, title: &str) {
        self.flush();
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let title = self.styled(title, &Style::new().bold());
        self.push_line(&title);
    }

    /// One line `label   value` of a block of facts.
    pub fn fact(&mut self, label: &str, value: impl Into<String>) {
        self.facts.push((label.to_owned(), value.into()));
    }

    /// A sentence on its own line.
    pub fn line(&mut self, text: &str) {
        self.flush();
        self.push_line(text);
    }

    /// An empty line.
    pub fn gap(&mut self) {
        self.flush();
        self.text.push('\n');
    }

    /// A verdict that is good news.
    pub fn good(&mut self, text: &str) {
        self.flush();
        let text = self.styled(text, &Style::new().green().bold());
        self.push_line(&text);
    }

    /// A verdict or warning that needs attention.
    pub fn bad(&mut self, text: &str) {
        self.flush();
        let text = self.styled(text, &Style::new().red().bold());
        self.push_line(&text);
    }

    /// Rows under headers. Nothing is wrapped or cut: an address in a pipe must stay whole.
    pub fn table(&mut self, columns: &[Column], rows: impl IntoIterator<Item = Vec<String>>) {
        self.flush();
        let mut table = Table::new();
        table
            .load_preset(NOTHING)
            .set_style(TableComponent::HeaderLines, '─')
            .set_style(TableComponent::MiddleHeaderIntersections, '─')
            .set_content_arrangement(ContentArrangement::Disabled)
            .force_no_tty()
            .set_header(columns.iter().map(|column| match column {
                Column::Text(name) | Column::Number(name) => (*name).to_owned(),
            }));
        for row in rows {
            table.add_row(row);
        }
        for (at, column) in columns.iter().enumerate() {
            if let (Column::Number(_), Some(set)) = (column, table.column_mut(at)) {
                set.set_cell_alignment(CellAlignment::Right);
            }
        }
        for line in table.lines() {
            self.push_line(line.trim_end());
        }
    }

    /// The whole text, ending in a line break unless it is empty.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.flush();
        self.text
    }

    fn flush(&mut self) {
        let facts = std::mem::take(&mut self.facts);
        let width = facts
            .iter()
            .map(|(label, _)| console::measure_text_width(label))
            .max()
            .unwrap_or(0);
        for (label, value) in facts {
            let padding = " ".repeat(width.saturating_sub(console::measure_text_width(&label)));
            let label = self.styled(&label, &Style::new().dim());
            // A value of several lines stays in its column.
            let indent = format!("\n{}", " ".repeat(width.saturating_add(4)));
            let value = value.replace('\n', &indent);
            self.push_line(format!("  {label}{padding}  {value}").trim_end());
        }
    }

    fn styled(&self, text: &str, style: &Style) -> String {
        if self.colour {
            style.clone().force_styling(true).apply_to(text).to_string()
        } else {
            text.to_owned()
        }
    }

    fn push_line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_without_colour_holds_no_escape_codes_and_aligns_its_facts() {
        let mut page = Page::new(false);
        page.title("Pool");
        page.fact("address", "A");
        page.fact("emission cap", "1,000 tokens\nevery 7 days");
        page.title("Epochs");
        page.table(
            &[Column::Text("status"), Column::Number("tokens")],
            [vec!["active".to_owned(), "5".to_owned()]],
        );
        page.good("all is well");
        let text = page.finish();
        assert!(!text.contains('\u{1b}'));
        assert!(text.starts_with(
            "Pool\n  address       A\n  emission cap  1,000 tokens\n                every 7 days\n\nEpochs\n"
        ));
        assert!(text.contains(" active        5"), "{text}");
        assert!(text.ends_with("all is well\n"));
    }

    #[test]
    fn a_page_with_colour_marks_titles_and_verdicts() {
        let mut page = Page::new(true);
        page.bad("it differs");
        assert_eq!(page.finish(), "\u{1b}[31m\u{1b}[1mit differs\u{1b}[0m\n");
    }
}
