//! `fields=`: answers with only the members somebody wants.

/// The members that were asked for. The id is always among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields(Vec<&'static str>);

/// A member that does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownField(pub String);

impl Fields {
    /// Reads a comma-separated list of members out of those there are.
    pub fn parse(list: &str, known: &[&'static str]) -> Result<Self, UnknownField> {
        let mut fields = vec!["id"];
        for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let field = known.iter().find(|field| **field == name).ok_or_else(|| UnknownField(name.to_owned()))?;
            if !fields.contains(field) {
                fields.push(field);
            }
        }
        Ok(Self(fields))
    }

    pub fn names(&self) -> &[&'static str] {
        &self.0
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains(&name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_always_there_and_nothing_is_there_twice() {
        let fields = Fields::parse("name, name,year,id", &["id", "name", "year"]).expect("known");
        assert_eq!(fields.names(), ["id", "name", "year"]);
        assert!(fields.has("year"));
    }

    #[test]
    fn an_unknown_member_is_named() {
        assert_eq!(Fields::parse("nmae", &["name"]), Err(UnknownField("nmae".to_owned())));
    }
}
