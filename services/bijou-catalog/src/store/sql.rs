//! Statements of varying length: a list of conditions, an insert of many rows.
//!
//! All text is ours; values only ever travel as parameters.

use bijou_store::sqlx::any::AnyArguments;
use bijou_store::sqlx::query::Query;
use bijou_store::sqlx::{self, Any, AnyConnection, AssertSqlSafe};

/// A parameter.
#[derive(Debug, Clone)]
pub(super) enum Arg {
    Text(String),
    Number(i64),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

/// A statement being written.
#[derive(Debug, Default)]
pub(super) struct Sql {
    pub(super) text: String,
    pub(super) args: Vec<Arg>,
}

impl Sql {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), args: Vec::new() }
    }

    /// Appends text in which each `?` stands for the next of `args`.
    pub(super) fn push(&mut self, text: &str, args: impl IntoIterator<Item = Arg>) -> &mut Self {
        let mut args = args.into_iter();
        for (at, piece) in text.split('?').enumerate() {
            if at > 0 {
                self.args.push(args.next().expect("as many arguments as question marks"));
                self.text.push('$');
                self.text.push_str(&self.args.len().to_string());
            }
            self.text.push_str(piece);
        }
        self
    }

    /// Appends `($1, $2, ...)`.
    pub(super) fn push_list(&mut self, args: impl IntoIterator<Item = Arg>) -> &mut Self {
        self.text.push('(');
        for (at, arg) in args.into_iter().enumerate() {
            if at > 0 {
                self.text.push_str(", ");
            }
            self.push("?", [arg]);
        }
        self.text.push(')');
        self
    }

    pub(super) fn query(self) -> Query<'static, Any, AnyArguments> {
        self.args.into_iter().fold(sqlx::query(AssertSqlSafe(self.text)), |query, arg| match arg {
            Arg::Text(text) => query.bind(text),
            Arg::Number(number) => query.bind(number),
        })
    }
}

/// Parameters of one statement. PostgreSQL takes 65,535, SQLite 32,766; short texts are planned quicker.
const ARGS_MAX: usize = 2_000;

/// Inserts many rows of equal width: `head` up to `VALUES`, `tail` after the rows.
pub(super) async fn insert_rows(
    tx: &mut AnyConnection,
    head: &str,
    tail: &str,
    rows: Vec<Vec<Arg>>,
) -> Result<(), sqlx::Error> {
    let Some(width) = rows.first().map(Vec::len) else {
        return Ok(());
    };
    let per_statement = (ARGS_MAX / width).max(1);
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let mut sql = Sql::new(head);
        for (at, row) in rows.by_ref().take(per_statement).enumerate() {
            if at > 0 {
                sql.text.push_str(", ");
            }
            sql.push_list(row);
        }
        sql.text.push_str(tail);
        sql.query().execute(&mut *tx).await?;
    }
    Ok(())
}

/// Runs a statement that ends in `IN` over all `ids`.
pub(super) async fn execute_in(tx: &mut AnyConnection, text: &str, ids: &[&str]) -> Result<(), sqlx::Error> {
    for chunk in ids.chunks(ARGS_MAX) {
        let mut sql = Sql::new(text);
        sql.push_list(chunk.iter().map(|id| Arg::from(*id)));
        sql.query().execute(&mut *tx).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_across_pieces() {
        let mut sql = Sql::new("SELECT * FROM t WHERE a = ");
        sql.push("? AND b < ?", [Arg::from(1), Arg::from("x")]).push(" AND c IN ", []);
        sql.push_list([Arg::from(2), Arg::from(3)]);
        assert_eq!(sql.text, "SELECT * FROM t WHERE a = $1 AND b < $2 AND c IN ($3, $4)");
        assert_eq!(sql.args.len(), 4);
    }
}
