//! A formula beside its result: text for a spreadsheet and the number that follows, put together by the same steps.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// How tightly the outermost operator of a text binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Compare,
    Sum,
    Product,
    Atom,
}

/// A piece of a formula with its value.
#[derive(Debug, Clone)]
pub struct Term {
    text: String,
    /// What it comes to.
    pub value: f64,
    binding: Binding,
}

impl Term {
    /// A reference or a call: something that needs no brackets.
    pub fn atom(text: impl Into<String>, value: f64) -> Self {
        Self { text: text.into(), value, binding: Binding::Atom }
    }

    /// A small whole number that is no assumption: nil, one, a step.
    pub fn whole(value: i32) -> Self {
        let binding = if value < 0 { Binding::Sum } else { Binding::Atom };
        Self { text: value.to_string(), value: f64::from(value), binding }
    }

    /// A function of arguments.
    pub fn call(name: &str, args: &[&Self], value: f64) -> Self {
        let args: Vec<&str> = args.iter().map(|arg| arg.text.as_str()).collect();
        Self::atom(format!("{name}({})", args.join(",")), value)
    }

    /// Its text, without an equals sign.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// In brackets where an operator that binds this tightly stands beside it.
    fn inside(&self, least: Binding) -> String {
        if self.binding >= least { self.text.clone() } else { format!("({})", self.text) }
    }

    fn operation(&self, operator: &str, other: &Self, bindings: (Binding, Binding, Binding), value: f64) -> Self {
        let (left, right, own) = bindings;
        let text = format!("{}{operator}{}", self.inside(left), other.inside(right));
        Self { text, value, binding: own }
    }

    /// To a power.
    pub fn pow(&self, exponent: &Self) -> Self {
        let value = libm::pow(self.value, exponent.value);
        self.operation("^", exponent, (Binding::Atom, Binding::Atom, Binding::Product), value)
    }

    fn compare(&self, operator: &str, other: &Self, holds: bool) -> Self {
        let value = f64::from(u8::from(holds));
        self.operation(operator, other, (Binding::Sum, Binding::Sum, Binding::Compare), value)
    }

    /// Whether it is at least as much.
    pub fn at_least(&self, other: &Self) -> Self {
        self.compare(">=", other, self.value >= other.value)
    }

    /// Whether it is at most as much.
    pub fn at_most(&self, other: &Self) -> Self {
        self.compare("<=", other, self.value <= other.value)
    }

    /// Whether it is less.
    pub fn below(&self, other: &Self) -> Self {
        self.compare("<", other, self.value < other.value)
    }

    /// Whether it is the same.
    pub fn equals(&self, other: &Self) -> Self {
        self.compare("=", other, self.value.total_cmp(&other.value).is_eq())
    }

    /// One of two, by a condition.
    pub fn choose(condition: &Self, yes: &Self, no: &Self) -> Self {
        let value = if condition.value == 0.0 { no.value } else { yes.value };
        Self::call("IF", &[condition, yes, no], value)
    }

    /// One where all conditions hold, else nil.
    pub fn all(conditions: &[&Self]) -> Self {
        let holds = conditions.iter().all(|condition| condition.value != 0.0);
        let all = Self::call("AND", conditions, f64::from(u8::from(holds)));
        Self::choose(&all, &Self::whole(1), &Self::whole(0))
    }

    /// One where a condition holds, else nil.
    pub fn flag(condition: &Self) -> Self {
        Self::choose(condition, &Self::whole(1), &Self::whole(0))
    }

    /// The smaller.
    pub fn min(&self, other: &Self) -> Self {
        Self::call("MIN", &[self, other], self.value.min(other.value))
    }

    /// The greater.
    pub fn max(&self, other: &Self) -> Self {
        Self::call("MAX", &[self, other], self.value.max(other.value))
    }

    /// The whole number at or below it.
    pub fn int(&self) -> Self {
        Self::call("INT", &[self], self.value.floor())
    }

    /// What a division leaves.
    pub fn modulo(&self, by: &Self) -> Self {
        let value = self.value - by.value * (self.value / by.value).floor();
        Self::call("MOD", &[self, by], value)
    }

    /// Its size.
    pub fn abs(&self) -> Self {
        Self::call("ABS", &[self], self.value.abs())
    }

    /// Rounded half away from zero to so many decimals.
    pub fn round(&self, decimals: i32) -> Self {
        let scale = libm::pow(10.0, f64::from(decimals));
        Self::call("ROUND", &[self, &Self::whole(decimals)], (self.value * scale).round() / scale)
    }

    /// The sum of any number of pieces; nil without one.
    pub fn sum(terms: impl IntoIterator<Item = Self>) -> Self {
        terms.into_iter().reduce(|sum, term| sum + term).unwrap_or_else(|| Self::whole(0))
    }
}

macro_rules! operators {
    ($($trait:ident $method:ident $text:literal $left:ident $right:ident $own:ident;)+) => { $(
        impl $trait<&Term> for &Term {
            type Output = Term;
            fn $method(self, other: &Term) -> Term {
                let value = self.value.$method(other.value);
                self.operation($text, other, (Binding::$left, Binding::$right, Binding::$own), value)
            }
        }
        impl $trait<Term> for Term {
            type Output = Term;
            fn $method(self, other: Term) -> Term { (&self).$method(&other) }
        }
        impl $trait<&Term> for Term {
            type Output = Term;
            fn $method(self, other: &Term) -> Term { (&self).$method(other) }
        }
        impl $trait<Term> for &Term {
            type Output = Term;
            fn $method(self, other: Term) -> Term { self.$method(&other) }
        }
    )+ };
}

operators! {
    Add add "+" Sum Sum Sum;
    Sub sub "-" Sum Product Sum;
    Mul mul "*" Product Product Product;
    Div div "/" Product Atom Product;
}

impl Neg for Term {
    type Output = Self;
    fn neg(self) -> Self {
        Self { text: format!("-{}", self.inside(Binding::Atom)), value: -self.value, binding: Binding::Sum }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_stand_where_they_must() {
        let (a, b, c) = (Term::atom("A1", 2.0), Term::atom("B1", 3.0), Term::atom("C1", 5.0));
        let told = |term: Term| (term.text().to_owned(), term.value);
        assert_eq!(told(&a - &(&b - &c)), ("A1-(B1-C1)".to_owned(), 4.0));
        assert_eq!(told((&a + &b) * &c), ("(A1+B1)*C1".to_owned(), 25.0));
        assert_eq!(told(&a / &(&b * &c)), ("A1/(B1*C1)".to_owned(), 2.0 / 15.0));
        assert_eq!(told(&a - &(&b + &c) + &a), ("A1-(B1+C1)+A1".to_owned(), -4.0));
        assert_eq!((&a + &b).pow(&-c.clone()).text(), "(A1+B1)^(-C1)");
        assert_eq!(told(-a.pow(&b)), ("-(A1^B1)".to_owned(), -8.0));
        assert_eq!(told(&c * &-a.clone()), ("C1*(-A1)".to_owned(), -10.0));
        assert_eq!(told(Term::flag(&(&a + &b).at_least(&c))), ("IF(A1+B1>=C1,1,0)".to_owned(), 1.0));
        assert_eq!(told((-a).modulo(&b)), ("MOD(-A1,B1)".to_owned(), 1.0));
    }
}
