//! The secret that cards are signed with: one for all instances on this database.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bijou_store::StoreError;
use rand::Rng as _;
use sqlx::Row;

use super::Store;

const NAME: &str = "cards";

impl Store {
    /// The secret; made by whoever asks first.
    pub(crate) async fn card_secret(&self) -> Result<Vec<u8>, StoreError> {
        let mut random = [0; 32];
        rand::rng().fill_bytes(&mut random);
        let mut tx = self.database.begin_write().await?;
        sqlx::query("INSERT INTO secrets (name, secret) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
            .bind(NAME)
            .bind(STANDARD.encode(random))
            .execute(&mut *tx)
            .await?;
        let row = sqlx::query("SELECT secret FROM secrets WHERE name = $1").bind(NAME).fetch_one(&mut *tx).await?;
        let secret: String = row.try_get(0)?;
        tx.commit().await?;
        // Text that is not ours gives a secret all the same: only we have to agree on it.
        Ok(STANDARD.decode(&secret).unwrap_or_else(|_| secret.into_bytes()))
    }
}
