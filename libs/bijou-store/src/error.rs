//! What can go wrong with a database, told by the place where it happened and by what to do.
//!
//! The engines' own codes are looked at here and nowhere else.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::{Engine, sqlite_url};

/// An error of this library. [`is_passing`](Self::is_passing) tells whether trying again makes sense.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    #[error("`{url}` is not a database URL; write `sqlite:<path>` or `postgres://user@host/name`")]
    Url { url: String },
    #[error("an in-memory SQLite database would be another one for each connection; name a file instead")]
    InMemory,
    #[error("folder `{}` of {database} cannot be made; choose a data folder this user may write to", folder.display())]
    Folder {
        database: String,
        folder: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{database} cannot be reached; see that it is running and that the URL names the right host and port")]
    Unreachable {
        database: String,
        #[source]
        source: sqlx::Error,
    },
    #[error("{database} refused the connection; check user, password and database name in the URL")]
    Refused {
        database: String,
        #[source]
        source: sqlx::Error,
    },
    #[error("{database} is locked by another program; stop it, or wait until it is done")]
    Locked {
        database: String,
        #[source]
        source: sqlx::Error,
    },
    #[error("{database} cannot be opened or written; give this user write permission on the file and its folder")]
    NotWritable {
        database: String,
        #[source]
        source: sqlx::Error,
    },
    #[error("no room is left on the disk of {database}; free some, nothing of this change was kept")]
    Full {
        database: String,
        #[source]
        source: sqlx::Error,
    },
    #[error("{database} is damaged or not a database; move it away and restore a copy")]
    NotADatabase {
        database: String,
        #[source]
        source: sqlx::Error,
    },
    #[error("no connection to {database} came free, or could be made, in time")]
    Busy {
        database: String,
        #[source]
        source: sqlx::Error,
    },
    #[error("migrations `{}` and `{}` both have version {version}", names[0], names[1])]
    MigrationTwice { version: i64, names: [&'static str; 2] },
    #[error("migration {version} `{name}` failed; nothing of it was kept")]
    Migration {
        version: i64,
        name: &'static str,
        #[source]
        source: sqlx::Error,
    },
    #[error("migration {version} `{name}` was applied with another text; this database belongs to another build")]
    MigrationChanged { version: i64, name: String },
    #[error("the database has migration {version} `{name}` of a newer version; run that version or a newer one")]
    Newer { version: i64, name: String },
    #[error("event data is not JSON")]
    Event(#[from] serde_json::Error),
    #[error("failed to run a query")]
    Query(#[from] sqlx::Error),
}

impl StoreError {
    /// Whether the same call may succeed later with nothing changed by hand.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Locked { .. } | Self::Busy { .. })
    }

    /// Whether a row with the same key is there already.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Query(sqlx::Error::Database(error)) if error.is_unique_violation())
    }
}

/// Where a database is; its `Display` is fit for errors: no password.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    Sqlite { path: PathBuf, query: Option<String> },
    Postgres { url: String, shown: String },
}

impl Place {
    pub(crate) fn parse(url: &str) -> Result<Self, StoreError> {
        if let Some(rest) = url.strip_prefix("sqlite:") {
            let rest = rest.strip_prefix("//").unwrap_or(rest);
            let (path, query) = match rest.split_once('?') {
                Some((path, query)) => (path, Some(query.to_owned())),
                None => (rest, None),
            };
            if path == ":memory:" || query.as_deref().is_some_and(|query| query.contains("mode=memory")) {
                return Err(StoreError::InMemory);
            }
            return match unescape(path) {
                Some(path) if !path.is_empty() => Ok(Self::Sqlite { path: path.into(), query }),
                _ => Err(StoreError::Url { url: url.to_owned() }),
            };
        }
        let is_postgres = url.starts_with("postgres://") || url.starts_with("postgresql://");
        if is_postgres {
            return Ok(Self::Postgres { url: url.to_owned(), shown: without_password(url) });
        }
        Err(StoreError::Url { url: without_password(url) })
    }

    pub(crate) fn engine(&self) -> Engine {
        match self {
            Self::Sqlite { .. } => Engine::Sqlite,
            Self::Postgres { .. } => Engine::Postgres,
        }
    }

    pub(crate) fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite { path, .. } => Some(path),
            Self::Postgres { .. } => None,
        }
    }

    /// The URL for the driver: a SQLite file is created unless the URL asks for another mode.
    pub(crate) fn connect_url(&self) -> String {
        match self {
            Self::Sqlite { path, query } => {
                let query = query.as_deref().unwrap_or("mode=rwc");
                format!("{}?{query}", sqlite_url(path))
            }
            Self::Postgres { url, .. } => url.clone(),
        }
    }

    /// Finds the error's meaning in the engine's code. What is about the statement stays a query error.
    pub(crate) fn explain(&self, source: sqlx::Error) -> StoreError {
        let database = self.to_string();
        match &source {
            sqlx::Error::PoolTimedOut => return StoreError::Busy { database, source },
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) => {
                return StoreError::Unreachable { database, source };
            }
            _ => {}
        }
        let Some(code) = source.as_database_error().and_then(sqlx::error::DatabaseError::code).map(Cow::into_owned)
        else {
            return StoreError::Query(source);
        };
        match self {
            // https://www.sqlite.org/rescode.html: the low byte is the primary code.
            Self::Sqlite { .. } => match code.parse::<u32>().map(|code| code & 0xff) {
                Ok(5 | 6) => StoreError::Locked { database, source },
                Ok(3 | 8 | 14 | 23) => StoreError::NotWritable { database, source },
                Ok(13) => StoreError::Full { database, source },
                Ok(11 | 26) => StoreError::NotADatabase { database, source },
                _ => StoreError::Query(source),
            },
            // https://www.postgresql.org/docs/current/errcodes-appendix.html
            Self::Postgres { .. } => match code.as_str() {
                "28000" | "28P01" | "3D000" | "42501" => StoreError::Refused { database, source },
                "53100" => StoreError::Full { database, source },
                "53300" => StoreError::Busy { database, source },
                "55P03" | "40P01" | "40001" => StoreError::Locked { database, source },
                "25006" => StoreError::NotWritable { database, source },
                code if code.starts_with("08") || code.starts_with("57P") => {
                    StoreError::Unreachable { database, source }
                }
                _ => StoreError::Query(source),
            },
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite { path, .. } => write!(out, "database file `{}`", path.display()),
            Self::Postgres { shown, .. } => write!(out, "database `{shown}`"),
        }
    }
}

/// A URL fit for logs: the password, and parameters that may hold one, are left out.
fn without_password(url: &str) -> String {
    let url = url.split_once('?').map_or(url, |(before, _)| before);
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    match rest.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split_once(':').map_or(user, |(name, _)| name);
            format!("{scheme}://{user}@{host}")
        }
        None => url.to_owned(),
    }
}

fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push((high * 16 + low) as u8);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, shown: &str, connect: &str) {
        let place = Place::parse(url).expect("a database URL");
        assert_eq!(place.to_string(), shown);
        assert_eq!(place.connect_url(), connect);
    }

    #[test]
    fn a_sqlite_url_is_a_path() {
        check("sqlite:data/a.sqlite", "database file `data/a.sqlite`", "sqlite:data/a.sqlite?mode=rwc");
        check("sqlite:///d/a.sqlite", "database file `/d/a.sqlite`", "sqlite:/d/a.sqlite?mode=rwc");
        check("sqlite:/my%20d/a?mode=ro", "database file `/my d/a`", "sqlite:/my%20d/a?mode=ro");
    }

    #[test]
    fn a_password_is_never_shown() {
        check(
            "postgres://ada:p@ss@db:5432/bijou?password=x",
            "database `postgres://ada@db:5432/bijou`",
            "postgres://ada:p@ss@db:5432/bijou?password=x",
        );
    }

    #[test]
    fn what_is_no_database_url_is_refused_with_examples() {
        let error = Place::parse("mysql://root:secret@h/x").expect_err("not ours");
        assert_eq!(
            error.to_string(),
            "`mysql://root@h/x` is not a database URL; write `sqlite:<path>` or `postgres://user@host/name`"
        );
        assert!(matches!(Place::parse("sqlite::memory:"), Err(StoreError::InMemory)));
        assert!(matches!(Place::parse("sqlite:"), Err(StoreError::Url { .. })));
    }
}
