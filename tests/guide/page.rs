//! A guide: prose, and blocks of commands with what they print.
//!
//! ````text
//! ```console
//! $ cairn pool show \
//! >     --pool <pool>
//! pool  <pool>
//! ? 1
//! ```
//! ````

/// A guide in its parts; putting them together gives the same text.
pub struct Page {
    pub parts: Vec<Part>,
}

pub enum Part {
    /// A line of prose, or of a block that is no command.
    Line(String),
    Step(Step),
}

/// One command.
pub struct Step {
    /// Where it stands in the guide.
    pub line: usize,
    /// As written: `$ ` before the first line, `> ` before the others.
    typed: Vec<String>,
    pub printed: Vec<String>,
}

/// Blocks that hold no commands. A command in any other block would be run by nobody.
const SHOWN_ONLY: [&str; 4] = ["json", "text", "csv", "toml"];

impl Page {
    /// Reads a guide.
    pub fn parse(name: &str, text: &str) -> Self {
        let mut parts = Vec::new();
        let mut block: Option<String> = None;
        for (line, number) in text.lines().zip(1..) {
            let fence = line.strip_prefix("```");
            match (&block, fence) {
                (None, Some(language)) => {
                    assert!(
                        language == "console" || SHOWN_ONLY.contains(&language),
                        "docs/guide/{name}, line {number}: a block is ```console, or one of {SHOWN_ONLY:?} that holds no commands"
                    );
                    block = Some(language.to_owned());
                    parts.push(Part::Line(line.to_owned()));
                }
                (Some(_), Some(_)) => {
                    block = None;
                    parts.push(Part::Line(line.to_owned()));
                }
                (Some(language), None) if language == "console" => {
                    take(name, number, line, &mut parts);
                }
                _ => parts.push(Part::Line(line.to_owned())),
            }
        }
        assert!(block.is_none(), "docs/guide/{name}: a block has no end");
        Self { parts }
    }

    /// The guide's text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut line = |line: &str| {
            text.push_str(line);
            text.push('\n');
        };
        for part in &self.parts {
            match part {
                Part::Line(prose) => line(prose),
                Part::Step(step) => step
                    .typed
                    .iter()
                    .chain(&step.printed)
                    .for_each(|text| line(text)),
            }
        }
        text
    }
}

/// Takes one line of a console block.
fn take(name: &str, number: usize, line: &str, parts: &mut Vec<Part>) {
    if line.starts_with("$ ") {
        parts.push(Part::Step(Step {
            line: number,
            typed: vec![line.to_owned()],
            printed: Vec::new(),
        }));
        return;
    }
    let Some(Part::Step(step)) = parts.last_mut() else {
        panic!("docs/guide/{name}, line {number}: a console block starts with a command");
    };
    if step.printed.is_empty() && (line == ">" || line.starts_with("> ")) {
        step.typed.push(line.to_owned());
    } else {
        step.printed.push(line.to_owned());
    }
}

impl Part {
    pub fn step(&mut self) -> Option<&mut Step> {
        match self {
            Self::Step(step) => Some(step),
            Self::Line(_) => None,
        }
    }
}

impl Step {
    /// What the shell is given.
    pub fn command(&self) -> String {
        let lines: Vec<&str> = self
            .typed
            .iter()
            .map(|line| line.get(2..).unwrap_or_default())
            .collect();
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUIDE: &str = "\
# A walk

```console
$ cat > list.csv <<END
> owner,amount
>
> END
$ cat list.csv
owner,amount
? 1
```

```json
{\"$ not\": \"run\"}
```
";

    #[test]
    fn a_guide_is_put_together_as_it_was_taken_apart() {
        let mut page = Page::parse("walk.md", GUIDE);
        assert_eq!(page.text(), GUIDE);
        let steps: Vec<(usize, String, usize)> = page
            .parts
            .iter_mut()
            .filter_map(Part::step)
            .map(|step| (step.line, step.command(), step.printed.len()))
            .collect();
        assert_eq!(
            steps,
            [
                (4, "cat > list.csv <<END\nowner,amount\n\nEND".to_owned(), 0),
                (8, "cat list.csv".to_owned(), 2),
            ]
        );
    }

    #[test]
    #[should_panic(expected = "line 3: a block is ```console")]
    fn a_block_of_commands_that_nobody_runs_is_refused() {
        Page::parse("walk.md", "# A walk\n\n```sh\ncairn claim\n```\n");
    }
}
