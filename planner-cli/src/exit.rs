//! Exit codes: what a script may rely on.

use std::fmt;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done; for `plan`: audited.
    Done,
    /// A bug, a panic too.
    Bug,
    /// Wrong arguments.
    Arguments,
    /// The portfolio has errors.
    Portfolio,
    /// Proved infeasible.
    Infeasible,
    /// A limit was reached and there is no plan.
    NoPlan,
    /// The audit objects.
    Audit,
    /// File or solver failure.
    Failure,
}

impl Exit {
    /// The code given to the system.
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Bug => 1,
            Self::Arguments => 2,
            Self::Portfolio => 3,
            Self::Infeasible => 4,
            Self::NoPlan => 5,
            Self::Audit => 6,
            Self::Failure => 7,
        }
    }

    /// How an error ends a command.
    pub fn of(error: &anyhow::Error) -> Self {
        if error.downcast_ref::<WrongArguments>().is_some() {
            return Self::Arguments;
        }
        #[cfg(feature = "solver")]
        if let Some(error) = error.downcast_ref::<planner_core::solve::SolveError>() {
            use planner_core::solve::SolveError;
            return match error {
                SolveError::Infeasible(_) | SolveError::NoneOfThese => Self::Infeasible,
                SolveError::NoPlanFound => Self::NoPlan,
                SolveError::Solver(_) => Self::Failure,
                SolveError::Misread(_) => Self::Bug,
            };
        }
        Self::Failure
    }
}

/// Arguments that only turn out wrong once files are read.
#[derive(Debug)]
pub struct WrongArguments(pub String);

impl fmt::Display for WrongArguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WrongArguments {}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    #[test]
    fn codes_are_those_of_the_contract() {
        let all = [
            Exit::Done,
            Exit::Bug,
            Exit::Arguments,
            Exit::Portfolio,
            Exit::Infeasible,
            Exit::NoPlan,
            Exit::Audit,
            Exit::Failure,
        ];
        assert!(all.iter().zip(0_u8..).all(|(exit, code)| exit.code() == code));
    }

    #[test]
    fn context_does_not_hide_the_kind_of_an_error() {
        let error = Err::<(), _>(WrongArguments("no such pot".to_owned())).context("--budget").unwrap_err();
        assert_eq!(Exit::of(&error), Exit::Arguments);
        assert_eq!(Exit::of(&anyhow::anyhow!("disk full")), Exit::Failure);
    }

    #[cfg(feature = "solver")]
    #[test]
    fn every_end_of_a_solve_has_its_code() {
        use planner_core::solve::SolveError;
        let of = |error: SolveError| Exit::of(&error.into());
        assert_eq!(of(SolveError::Infeasible(Box::default())), Exit::Infeasible);
        assert_eq!(of(SolveError::NoneOfThese), Exit::Infeasible);
        assert_eq!(of(SolveError::NoPlanFound), Exit::NoPlan);
        assert_eq!(of(SolveError::Solver(String::new())), Exit::Failure);
        let misread = planner_core::solve::Misread { solved: 1e6, written: 9e5, allowed: 5.0 };
        assert_eq!(of(SolveError::Misread(misread)), Exit::Bug);
    }
}
