//! Internal rate of return: every rate at which dated cash is worth nothing.

/// An amount, so many years from the start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flow {
    /// Years from the start.
    pub years: f64,
    /// Dollars, income positive.
    pub usd: f64,
}

/// The rates at which the present value is nil.
#[derive(Debug, Clone, PartialEq)]
pub enum Irr {
    /// No rate between −90 % and 1000 % a year.
    None,
    /// Exactly one.
    One(f64),
    /// More than one: none of them means what a reader thinks.
    Several(Vec<f64>),
}

/// Present value of flows at a yearly rate.
#[must_use]
pub fn npv(flows: &[Flow], rate: f64) -> f64 {
    flows.iter().map(|flow| flow.usd * libm::pow(1.0 + rate, -flow.years)).sum()
}

const LEAST_GROWTH: f64 = 0.1;
const GREATEST_GROWTH: f64 = 11.0;
const STEPS: u32 = 600;

/// Every rate between −90 % and 1000 % a year at which the present value
/// changes sign, by a scan of 600 steps and bisection inside each.
///
/// Roots closer than a step (0.8 % of `1 + rate`) to one another can hide from the scan.
#[must_use]
pub fn irr(flows: &[Flow]) -> Irr {
    let scale = flows.iter().map(|flow| flow.usd.abs()).fold(0.0, f64::max);
    if scale == 0.0 {
        return Irr::None;
    }
    let rate =
        |step: u32| LEAST_GROWTH * libm::pow(GREATEST_GROWTH / LEAST_GROWTH, f64::from(step) / f64::from(STEPS)) - 1.0;
    let mut roots = Vec::new();
    let mut low = (rate(0), npv(flows, rate(0)));
    for step in 1..=STEPS {
        let high = (rate(step), npv(flows, rate(step)));
        if low.1 == 0.0 {
            roots.push(low.0);
        } else if high.1 != 0.0 && (low.1 < 0.0) != (high.1 < 0.0) {
            roots.push(bisect(flows, low.0, high.0));
        }
        low = high;
    }
    match roots.as_slice() {
        [] => Irr::None,
        [one] => Irr::One(*one),
        _ => Irr::Several(roots),
    }
}

fn bisect(flows: &[Flow], mut low: f64, mut high: f64) -> f64 {
    let sign = npv(flows, low) < 0.0;
    for _ in 0..80 {
        let middle = f64::midpoint(low, high);
        if (npv(flows, middle) < 0.0) == sign {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flows(usd: &[f64]) -> Vec<Flow> {
        (0_u32..).zip(usd).map(|(year, usd)| Flow { years: f64::from(year), usd: *usd }).collect()
    }

    fn close(found: &Irr, expected: &[f64]) {
        let found = match found {
            Irr::None => vec![],
            Irr::One(rate) => vec![*rate],
            Irr::Several(rates) => rates.clone(),
        };
        assert_eq!(found.len(), expected.len(), "{found:?}");
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?}");
    }

    #[test]
    fn known_cases() {
        close(&irr(&flows(&[-100.0, 110.0])), &[0.10]);
        // −1000, then 400 a year: the textbook's 9.7010 %.
        close(&irr(&flows(&[-1000.0, 400.0, 400.0, 400.0])), &[0.097_010_257_402_5]);
        close(&irr(&flows(&[-100.0, 50.0])), &[-0.5]);
        // A loan has a rate too.
        close(&irr(&flows(&[100.0, -105.0])), &[0.05]);
    }

    #[test]
    fn none_and_several() {
        assert_eq!(irr(&flows(&[100.0, 110.0])), Irr::None);
        assert_eq!(irr(&flows(&[-100.0, -1.0])), Irr::None);
        assert_eq!(irr(&[]), Irr::None);
        // (1+r − 1.1)(1+r − 1.3) = 0.
        close(&irr(&flows(&[-100.0, 240.0, -143.0])), &[0.10, 0.30]);
    }
}
