//! A set of applications, as rules name them: exact names, or beginnings of names.

/// Which applications.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Apps {
    None,
    All,
    Some(Vec<Pattern>),
}

/// In upper case, as applications are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    Is(String),
    BeginsWith(String),
}

impl Apps {
    /// The set that `names` describe: `*` at the end of one stands for any rest.
    pub fn of(names: &[String]) -> Self {
        let mut apps = Apps::None;
        apps.add(names);
        apps
    }

    pub fn add(&mut self, names: &[String]) {
        for name in names {
            let upper = name.trim().to_uppercase();
            let pattern = match upper.strip_suffix('*') {
                Some("") => {
                    *self = Apps::All;
                    return;
                }
                Some(beginning) => Pattern::BeginsWith(beginning.to_owned()),
                None => Pattern::Is(upper),
            };
            match self {
                Apps::All => return,
                Apps::None => *self = Apps::Some(vec![pattern]),
                Apps::Some(patterns) => patterns.push(pattern),
            }
        }
    }

    /// Whether an application (in upper case) is among them.
    pub fn has(&self, app: &str) -> bool {
        match self {
            Apps::None => false,
            Apps::All => true,
            Apps::Some(patterns) => patterns.iter().any(|pattern| match pattern {
                Pattern::Is(name) => name == app,
                Pattern::BeginsWith(beginning) => app.starts_with(beginning),
            }),
        }
    }

    pub fn is_all(&self) -> bool {
        *self == Apps::All
    }

    pub fn is_none(&self) -> bool {
        *self == Apps::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &[&str], app: &str, expected: bool) {
        let names = names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(Apps::of(&names).has(app), expected, "{names:?} and {app}");
    }

    #[test]
    fn names_are_meant_exactly_and_a_star_stands_for_any_rest() {
        check(&[], "ORDERS", false);
        check(&["*"], "ORDERS", true);
        check(&["orders"], "ORDERS", true);
        check(&["orders"], "ORDERS-V2", false);
        check(&["basket", "Orders*"], "ORDERS-V2", true);
        check(&["o*s"], "ORDERS", false);
    }
}
