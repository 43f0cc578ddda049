//! Tokens to an expression, by recursive descent; every rule of the grammar is one function.

use std::ops::Range;

use crate::sim::expect::ExpressionError;
use crate::sim::expect::expression::{Aggregate, Body, Filter, Op};
use crate::sim::expect::grammar::lexer::{Token, TokenKind, tokens};
use crate::sim::expect::grammar::names::{self, Word};
use crate::sim::expect::grammar::{number, quote, unexpected, unknown, wrong};
use crate::sim::expect::metric::{self, Form, Label, Look, Metric, Unit, Within};
use crate::sim::model::ids::{CounterId, FaultId};
use crate::sim::plan::Plan;
use crate::sim::time::Span;

/// Words that an aggregate can be.
const AGGREGATES: [&str; 12] =
    ["count", "ratio", "sum", "min", "max", "mean", "p50", "p90", "p95", "p99", "p99.9", "worst_group"];
/// Words that the aggregate inside a `worst_group` can be.
const INNER: &[&str] = AGGREGATES.split_at(11).0;
/// Words that a window can be.
const WINDOWS: [&str; 3] = ["within", "during", "after"];
/// The window of metrics over people.
const INSTANT: [&str; 1] = ["at"];

/// Where reading stands.
pub(super) struct Parser<'a> {
    tokens: Vec<Token>,
    next: usize,
    plan: &'a Plan,
}

/// The part between the brackets of an aggregate.
struct Measured {
    metric: &'static Metric,
    metric_at: Range<usize>,
    filter: Filter,
    within: Option<Span>,
    during: Option<FaultId>,
    after: Option<(FaultId, Span)>,
    at: Option<Span>,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &str, plan: &'a Plan) -> Result<Parser<'a>, ExpressionError> {
        Ok(Parser { tokens: tokens(text)?, next: 0, plan })
    }

    /// A whole expression, up to the end of the text.
    pub(super) fn expression(mut self) -> Result<Body, ExpressionError> {
        let start = self.peek().at.start;
        let (word, word_at) = self.word("집계 함수", "an aggregate")?;
        let worst_group = word == "worst_group";
        let (aggregate, aggregate_at) = if worst_group {
            self.sign('(')?;
            let (inner, at) = self.word("집계 함수", "an aggregate")?;
            (aggregate(&inner, at.clone(), INNER)?, at)
        } else {
            (aggregate(&word, word_at.clone(), &AGGREGATES)?, word_at.clone())
        };
        let measured = self.measured()?;
        if worst_group {
            self.sign(')')?;
        }
        let left = start..self.tokens[self.next - 1].at.end;
        let unit = fits(aggregate, aggregate_at, &measured)?;
        let (op, op_at) = self.op()?;
        let threshold = self.threshold(unit, op, op_at.start)?;
        self.end()?;
        if worst_group {
            self.groups(op, word_at, op_at)?;
        }
        let Measured { metric, filter, within, during, after, at, .. } = measured;
        Ok(Body { aggregate, worst_group, metric, filter, within, during, after, at, op, threshold, left })
    }

    fn measured(&mut self) -> Result<Measured, ExpressionError> {
        self.sign('(')?;
        let (name, metric_at) = self.word("지표", "a metric")?;
        let mut filter = Filter::default();
        let metric = self.metric(&name, metric_at.clone(), &mut filter)?;
        if self.takes('{') {
            self.labels(metric, &mut filter)?;
        }
        let mut measured = Measured { metric, metric_at, filter, within: None, during: None, after: None, at: None };
        while self.takes(',') {
            self.window(&mut measured)?;
        }
        self.close(')', "`,` 또는 `)`", "`,` or `)`")?;
        Ok(measured)
    }

    /// A metric, or the bare name of a counter.
    fn metric(&self, name: &str, at: Range<usize>, filter: &mut Filter) -> Result<&'static Metric, ExpressionError> {
        if let Some(metric) = metric::named(name) {
            return Ok(metric);
        }
        if let Some(place) = self.plan.counters.iter().position(|counter| counter == name) {
            filter.counter = Some(CounterId(place as u16));
            return Ok(&metric::counter::METRIC);
        }
        let counters = self.plan.counters.iter().map(String::as_str);
        let known: Vec<&str> = metric::ALL.iter().map(|metric| metric.name).chain(counters).collect();
        Err(unknown(at, ("지표", "metric"), name, &known))
    }

    fn labels(&mut self, metric: &'static Metric, filter: &mut Filter) -> Result<(), ExpressionError> {
        let mut seen: Vec<Label> = Vec::new();
        if filter.counter.is_some() {
            seen.push(Label::Name);
        }
        loop {
            let (name, at) = self.word("라벨", "a label")?;
            let label = label(metric, &name, at.clone())?;
            if seen.contains(&label) {
                return Err(wrong(at, format!("`{name}` 라벨이 두 번 나옴"), format!("label `{name}` stands twice")));
            }
            seen.push(label);
            self.sign('=')?;
            let (value, at) = self.word("라벨의 값", "a label's value")?;
            names::set(filter, label, metric, &Word { text: &value, at }, self.plan)?;
            if !self.takes(',') {
                return self.close('}', "`,` 또는 `}`", "`,` or `}`");
            }
        }
    }

    fn window(&mut self, measured: &mut Measured) -> Result<(), ExpressionError> {
        let (name, at) = self.word("within, during, after 중 하나", "one of within, during, after")?;
        if matches!(measured.metric.look, Look::Person(_)) {
            return self.instant(&name, at, measured);
        }
        let twice = match name.as_str() {
            "within" => measured.within.is_some(),
            "during" => measured.during.is_some(),
            "after" => measured.after.is_some(),
            other => return Err(unknown(at, ("구간", "window"), other, &WINDOWS)),
        };
        if twice {
            return Err(wrong(at, format!("`{name}=` 이 두 번 나옴"), format!("`{name}=` stands twice")));
        }
        if name == "within" && measured.metric.within == Within::Unused {
            return Err(no_within(at, measured.metric));
        }
        self.sign('=')?;
        match name.as_str() {
            "within" => measured.within = Some(self.duration()?),
            "during" => measured.during = Some(self.fault()?),
            _ => {
                let fault = self.fault()?;
                let later = if self.takes('+') { self.duration()? } else { Span::ZERO };
                measured.after = Some((fault, later));
            }
        }
        Ok(())
    }

    /// `at=`: people are looked at as they are at an instant, not over a window.
    fn instant(&mut self, name: &str, at: Range<usize>, measured: &mut Measured) -> Result<(), ExpressionError> {
        if name != "at" {
            return Err(unknown(at, ("구간", "window"), name, &INSTANT));
        }
        if measured.at.is_some() {
            return Err(wrong(at, "`at=` 이 두 번 나옴".to_owned(), "`at=` stands twice".to_owned()));
        }
        self.sign('=')?;
        measured.at = Some(self.duration()?);
        Ok(())
    }

    fn fault(&mut self) -> Result<FaultId, ExpressionError> {
        let (name, at) = self.word("장애의 이름", "the name of a fault")?;
        names::fault(&Word { text: &name, at }, self.plan)
    }

    fn duration(&mut self) -> Result<Span, ExpressionError> {
        let (ko, en) = number::example(Unit::Duration);
        let (word, at) = self.word(ko, en)?;
        let micros = number::duration(&word);
        micros.map(Span::from_micros).ok_or_else(|| unexpected(at, ko, en, &quote(&word)))
    }

    fn op(&mut self) -> Result<(Op, Range<usize>), ExpressionError> {
        let token = self.take();
        match token.kind {
            TokenKind::Op(op) => Ok((op, token.at)),
            TokenKind::Sign('=') => {
                let mut error = unexpected(token.at, "비교 기호", "a comparison", &quote("="));
                error.nearest = Some("==".to_owned());
                Err(error)
            }
            TokenKind::Word(_) | TokenKind::Sign(_) | TokenKind::End => {
                let (ko, en) = ("비교 기호 (>=, >, <=, <, ==, !=)", "a comparison (>=, >, <=, <, ==, !=)");
                Err(unexpected(token.at.clone(), ko, en, &token.found()))
            }
        }
    }

    /// The number on the right. One that makes the comparison hold whatever happens is refused.
    fn threshold(&mut self, unit: Unit, op: Op, start: usize) -> Result<u64, ExpressionError> {
        let (ko, en) = number::example(unit);
        let (word, at) = self.word(ko, en)?;
        let threshold = number::read(&word, unit).ok_or_else(|| unexpected(at.clone(), ko, en, &quote(&word)))?;
        let says_nothing = match op {
            Op::AtLeast => threshold == 0,
            Op::AtMost => unit == Unit::Share && threshold == 1_000_000,
            Op::Above | Op::Below | Op::Equal | Op::Unequal => false,
        };
        if says_nothing {
            let text = format!("{} {word}", op.sign());
            let ko = format!("`{text}`: 무슨 일이 있어도 참이라 아무것도 약속하지 않음");
            return Err(wrong(start..at.end, ko, format!("`{text}` holds whatever happens and promises nothing")));
        }
        Ok(threshold)
    }

    /// What `worst_group` needs beside a measure.
    fn groups(&self, op: Op, word_at: Range<usize>, op_at: Range<usize>) -> Result<(), ExpressionError> {
        if self.plan.groups.is_empty() {
            let ko = "worst_group: 이 시나리오에는 그룹이 없음".to_owned();
            return Err(wrong(word_at, ko, "worst_group: this scenario has no groups".to_owned()));
        }
        if op.wants_more().is_none() {
            let ko = "worst_group 에서 필요한 비교: >=, >, <=, <";
            let en = "one of >=, >, <=, < with worst_group";
            return Err(unexpected(op_at, ko, en, &quote(op.sign())));
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), ExpressionError> {
        let token = self.take();
        match token.kind {
            TokenKind::End => Ok(()),
            TokenKind::Word(_) | TokenKind::Op(_) | TokenKind::Sign(_) => {
                Err(unexpected(token.at.clone(), "식의 끝", "the end of the expression", &token.found()))
            }
        }
    }

    fn word(&mut self, ko: &str, en: &str) -> Result<(String, Range<usize>), ExpressionError> {
        let token = self.take();
        match token.kind {
            TokenKind::Word(word) => Ok((word, token.at)),
            TokenKind::Op(_) | TokenKind::Sign(_) | TokenKind::End => {
                Err(unexpected(token.at.clone(), ko, en, &token.found()))
            }
        }
    }

    fn sign(&mut self, sign: char) -> Result<(), ExpressionError> {
        let quoted = format!("`{sign}`");
        self.close(sign, &quoted, &quoted)
    }

    fn close(&mut self, sign: char, ko: &str, en: &str) -> Result<(), ExpressionError> {
        let token = self.take();
        if token.kind == TokenKind::Sign(sign) {
            return Ok(());
        }
        Err(unexpected(token.at.clone(), ko, en, &token.found()))
    }

    fn takes(&mut self, sign: char) -> bool {
        let there = self.peek().kind == TokenKind::Sign(sign);
        self.next += usize::from(there);
        there
    }

    fn peek(&self) -> &Token {
        &self.tokens[self.next]
    }

    /// The next token; the end stays where it is.
    fn take(&mut self) -> Token {
        let token = self.peek().clone();
        self.next += usize::from(token.kind != TokenKind::End);
        token
    }
}

fn aggregate(word: &str, at: Range<usize>, known: &[&str]) -> Result<Aggregate, ExpressionError> {
    match word {
        "count" => Ok(Aggregate::Count),
        "ratio" => Ok(Aggregate::Ratio),
        "sum" => Ok(Aggregate::Sum),
        "min" => Ok(Aggregate::Min),
        "max" => Ok(Aggregate::Max),
        "mean" => Ok(Aggregate::Mean),
        other => match other.strip_prefix('p').and_then(number::rank) {
            Some(rank) => Ok(Aggregate::Percentile(rank)),
            None => Err(unknown(at, ("집계 함수", "aggregate"), other, known)),
        },
    }
}

fn label(metric: &Metric, name: &str, at: Range<usize>) -> Result<Label, ExpressionError> {
    let found = Label::ALL.iter().find(|row| row.1 == name && metric.takes(row.0));
    found.map(|row| row.0).ok_or_else(|| {
        let known: Vec<&str> = metric.population.iter().chain(metric.outcomes).map(|label| label.name()).collect();
        let (ko, en) = (format!("{} 의 라벨", metric.name), format!("label of {}", metric.name));
        unknown(at, (&ko, &en), name, &known)
    })
}

fn no_within(at: Range<usize>, metric: &Metric) -> ExpressionError {
    let name = metric.name;
    wrong(at, format!("{name} 에는 within= 을 쓸 수 없음"), format!("{name} does not take within="))
}

/// Whether the aggregate makes sense of the metric, and the unit of the value.
fn fits(aggregate: Aggregate, at: Range<usize>, measured: &Measured) -> Result<Unit, ExpressionError> {
    let form = match aggregate {
        Aggregate::Count => Form::Count,
        Aggregate::Ratio => Form::Ratio,
        Aggregate::Sum => Form::Sum,
        Aggregate::Min => Form::Min,
        Aggregate::Max => Form::Max,
        Aggregate::Mean => Form::Mean,
        Aggregate::Percentile(_) => Form::Percentile,
    };
    let metric = measured.metric;
    if metric.aggregates.contains(&form) {
        return Ok(aggregate.unit(metric.unit));
    }
    let list = metric.aggregates.iter().map(|form| form.name()).collect::<Vec<_>>().join(", ");
    let name = metric.name;
    let ko = format!("{name} 에 쓸 수 있는 집계 함수: {list}, 발견: `{aggregate}`");
    let en = format!("expected one of {list} over {name}, found `{aggregate}`");
    Err(wrong(at.start..measured.metric_at.end, ko, en))
}
