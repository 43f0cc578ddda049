//! A page in Korean stays in step with its English twin: the same outline, the same commands.

use super::sources::{read, tracked};
use super::{CLEAN, Findings};

/// What differs between a page and its Korean twin.
fn out_of_step(name: &str, page: &str, twin: &str) -> Findings {
    let (ours, theirs) = (outline(page), outline(twin));
    let mut findings = Vec::new();
    if ours.levels != theirs.levels {
        findings
            .push(format!("{name}: headings of levels {:?}, the Korean twin's are {:?}", ours.levels, theirs.levels));
    }
    if ours.blocks.len() != theirs.blocks.len() {
        let (here, there) = (ours.blocks.len(), theirs.blocks.len());
        findings.push(format!("{name}: {here} code blocks, the Korean twin has {there}"));
    }
    for (place, (block, twin)) in (1..).zip(ours.blocks.iter().zip(&theirs.blocks)) {
        if block != twin {
            findings.push(format!("{name}: code block {place} differs from the Korean twin's"));
        }
    }
    findings
}

/// Levels of the headings, and the code blocks without their comments, which may be in either language.
struct Outline {
    levels: Vec<usize>,
    blocks: Vec<Vec<String>>,
}

fn outline(page: &str) -> Outline {
    let (mut levels, mut blocks) = (Vec::new(), Vec::new());
    let mut block: Option<Vec<String>> = None;
    for line in page.lines() {
        match (&mut block, line.trim_start().starts_with("```")) {
            (None, true) => block = Some(vec![line.trim().into()]),
            (Some(_), true) => blocks.extend(block.take()),
            (Some(lines), false) => lines.push(line.split(" #").next().unwrap_or_default().trim_end().into()),
            (None, false) => {
                let level = line.chars().take_while(|c| *c == '#').count();
                if level > 0 && line[level..].starts_with(' ') {
                    levels.push(level);
                }
            }
        }
    }
    for lines in &mut blocks {
        lines.retain(|line| !line.trim_start().starts_with('#'));
    }
    Outline { levels, blocks }
}

/// Every page that has a twin: `README.md` and `README.ko.md`, `docs/x.md` and `docs/x.ko.md`.
#[test]
fn korean_pages_are_in_step() {
    let mut findings = Vec::new();
    for twin in tracked().iter().filter(|path| path.ends_with(".ko.md")) {
        let name = twin.replace(".ko.md", ".md");
        match (read(&name), read(twin)) {
            (Some(page), Some(twin)) => findings.extend(out_of_step(&name, &page, &twin)),
            (page, _) => findings.push(format!("{twin}: no English twin ({})", page.is_some())),
        }
    }
    assert_eq!(findings, CLEAN);
}

#[test]
fn a_planted_difference_is_found() {
    let page = "# Bongsu\n\n## First minute\n\n```sh\n# starts it\nbongsu run first-minute # now\n```\n";
    let twin = "# 봉수\n\n## 첫 일 분\n\n```sh\n# 시작\nbongsu run first-minute # 바로\n```\n";
    assert_eq!(out_of_step("README.md", page, twin), CLEAN);
    assert_eq!(
        out_of_step("README.md", page, &twin.replace("## 첫", "### 첫")),
        ["README.md: headings of levels [1, 2], the Korean twin's are [1, 3]"]
    );
    assert_eq!(
        out_of_step("README.md", page, &twin.replace("first-minute #", "first-hour #")),
        ["README.md: code block 1 differs from the Korean twin's"]
    );
    assert_eq!(
        out_of_step("README.md", page, &format!("{twin}```\nmore\n```\n")),
        ["README.md: 1 code blocks, the Korean twin has 2"]
    );
}
