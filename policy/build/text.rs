//! The policy's small Markdown: `# title`, `## 1 heading`, paragraphs of one line, `- ` items, `**weighty term**`, ``
//! `code` ``, `{contact}`.

pub struct Text {
    pub title: String,
    pub sections: Vec<Section>,
}

pub struct Section {
    pub number: u32,
    pub heading: String,
    pub blocks: Vec<Block>,
}

pub enum Block {
    Paragraph(Vec<Span>),
    List(Vec<Vec<Span>>),
}

#[derive(Debug, PartialEq)]
pub enum Span {
    Plain(String),
    Weighty(String),
    Code(String),
    Contact,
}

/// `name` is the file, for messages. Sections must be numbered 1, 2, 3 … and none may be empty.
pub fn parse(name: &str, source: &str) -> Result<Text, Vec<String>> {
    let mut text = Text { title: String::new(), sections: Vec::new() };
    let mut mistakes = Vec::new();
    for (index, line) in source.lines().enumerate() {
        if let Err(rule) = text.take(line) {
            mistakes.push(format!("{name}:{}: {rule}", index + 1));
        }
    }
    if text.title.is_empty() {
        mistakes.push(format!("{name}: no `# title`"));
    }
    for section in text.sections.iter().filter(|section| section.blocks.is_empty()) {
        mistakes.push(format!("{name}: section {} has no text", section.number));
    }
    if !text.spans().any(|span| *span == Span::Contact) {
        mistakes.push(format!("{name}: a policy names its contact; `{{contact}}` is missing (clause 0.1)"));
    }
    if !text.spans().any(|span| matches!(span, Span::Weighty(_))) {
        mistakes.push(format!("{name}: no weighty term is marked with `**` (clause 0.1)"));
    }
    if mistakes.is_empty() { Ok(text) } else { Err(mistakes) }
}

impl Text {
    fn take(&mut self, line: &str) -> Result<(), String> {
        if line.trim().is_empty() {
            return Ok(());
        }
        if let Some(title) = line.strip_prefix("# ") {
            self.title = title.trim().to_owned();
            return Ok(());
        }
        if let Some(heading) = line.strip_prefix("## ") {
            return self.begin(heading);
        }
        let blocks = &mut self.sections.last_mut().ok_or("text before the first `## 1 heading`")?.blocks;
        let Some(item) = line.strip_prefix("- ") else {
            blocks.push(Block::Paragraph(spans(line)?));
            return Ok(());
        };
        match blocks.last_mut() {
            Some(Block::List(items)) => items.push(spans(item)?),
            _ => blocks.push(Block::List(vec![spans(item)?])),
        }
        Ok(())
    }

    fn begin(&mut self, heading: &str) -> Result<(), String> {
        let expected = self.sections.len() as u32 + 1;
        let (number, words) = heading.split_once(' ').ok_or("a heading is `## number words`")?;
        if number.parse() != Ok(expected) {
            return Err(format!("section `{number}` stands where {expected} is due"));
        }
        self.sections.push(Section { number: expected, heading: words.trim().to_owned(), blocks: Vec::new() });
        Ok(())
    }

    fn spans(&self) -> impl Iterator<Item = &Span> {
        self.sections.iter().flat_map(|section| &section.blocks).flat_map(|block| match block {
            Block::Paragraph(spans) => spans.iter().collect::<Vec<_>>(),
            Block::List(items) => items.iter().flatten().collect(),
        })
    }
}

/// A marked term may hold the contact, which then splits it.
fn spans(line: &str) -> Result<Vec<Span>, String> {
    let mut spans = Vec::new();
    for (index, part) in line.split("**").enumerate() {
        let weighty = index % 2 == 1;
        for (index, piece) in part.split("{contact}").enumerate() {
            if index > 0 {
                spans.push(Span::Contact);
            }
            if weighty && !piece.is_empty() {
                spans.push(Span::Weighty(piece.to_owned()));
            } else if !weighty {
                plain(piece, &mut spans)?;
            }
        }
    }
    if line.matches("**").count() % 2 == 1 {
        return Err("`**` opens and does not close".into());
    }
    if let Some(Span::Plain(text) | Span::Weighty(text)) = spans.iter().find(|span| match span {
        Span::Plain(text) | Span::Weighty(text) => text.contains(['{', '}', '<', '>', '`']),
        _ => false,
    }) {
        return Err(format!("`{text}`: the only parameter is {{contact}}, and HTML has no place here"));
    }
    Ok(spans)
}

fn plain(piece: &str, spans: &mut Vec<Span>) -> Result<(), String> {
    if piece.matches('`').count() % 2 == 1 {
        return Err("a backtick opens and does not close".into());
    }
    for (index, part) in piece.split('`').enumerate().filter(|(_, part)| !part.is_empty()) {
        spans.push(if index % 2 == 1 { Span::Code(part.to_owned()) } else { Span::Plain(part.to_owned()) });
    }
    Ok(())
}
