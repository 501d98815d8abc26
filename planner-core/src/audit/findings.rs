//! What the audit objects to, in the order in which it is found.

use crate::domain::calendar::{Calendar, Period};
use crate::plan::{AuditSummary, Finding};
use crate::units::Cents;

/// More findings of one rule are counted, not kept: a reader needs no more, and
/// one broken rule must not hide another.
const KEPT: usize = 25;

/// Collects findings of one rule after another.
#[derive(Default)]
pub(super) struct Findings {
    all: Vec<Finding>,
    rule: &'static str,
    scope: &'static str,
    /// Of the present rule.
    count: usize,
}

impl Findings {
    /// Names the rule of the findings that follow, and whose lines they concern.
    pub(super) fn begin(&mut self, rule: &'static str, scope: &'static str) {
        self.close();
        (self.rule, self.scope, self.count) = (rule, scope, 0);
    }

    /// Objects to a line.
    pub(super) fn add(&mut self, line: impl AsRef<str>, message: impl Into<String>) {
        self.count += 1;
        if self.count <= KEPT {
            self.push(line.as_ref(), message.into());
        }
    }

    fn push(&mut self, line: &str, message: String) {
        let line = format!("{}{line}", self.scope);
        self.all.push(Finding { rule: self.rule.to_owned(), line, message });
    }

    /// Whether there is nothing to object so far.
    pub(super) fn none(&self) -> bool {
        self.all.is_empty()
    }

    /// Says how many findings of the present rule were not kept.
    fn close(&mut self) {
        if self.count > KEPT {
            self.push("others", format!("{} more findings are not listed", self.count - KEPT));
        }
    }

    /// What is stored in the plan.
    pub(super) fn into_summary(mut self) -> AuditSummary {
        self.close();
        AuditSummary { passed: self.all.is_empty(), findings: self.all }
    }
}

/// A period with its first day.
pub(super) fn when(calendar: &Calendar, period: Period) -> String {
    format!("period {} ({})", period.0, calendar.period_start(period))
}

/// Cents as dollars: `-1,234.56 USD`.
pub(super) fn dollars(cents: Cents) -> String {
    let size = cents.0.unsigned_abs();
    let whole = (size / 100).to_string();
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if cents.0 < 0 { "-" } else { "" };
    format!("{sign}{grouped}.{:02} USD", size % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_are_grouped() {
        assert_eq!(dollars(Cents(-123_456_789)), "-1,234,567.89 USD");
        assert_eq!(dollars(Cents(5)), "0.05 USD");
        assert_eq!(dollars(Cents(i64::MIN)), "-92,233,720,368,547,758.08 USD");
    }

    #[test]
    fn a_flood_of_findings_is_counted_and_hides_no_other_rule() {
        let mut found = Findings::default();
        found.begin("ledger", "twin: ");
        for _ in 0..28 {
            found.add("line", "wrong");
        }
        found.begin("npv", "");
        found.add("npv_usd", "wrong");
        let summary = found.into_summary();
        assert!(!summary.passed);
        assert_eq!(summary.findings.len(), 27);
        assert_eq!(summary.findings[0].line, "twin: line");
        assert_eq!(summary.findings[25].message, "3 more findings are not listed");
        assert_eq!((summary.findings[25].rule.as_str(), summary.findings[26].rule.as_str()), ("ledger", "npv"));
    }
}
