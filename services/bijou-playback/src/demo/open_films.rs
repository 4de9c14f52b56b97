//! Films by others that may be shown, and where they come from.

/// A film inside a source distribution on the Python package index.
#[derive(Debug, Clone, Copy)]
pub struct OpenFilm {
    /// Id of its title in the catalog.
    pub id: &'static str,
    pub package: &'static str,
    pub version: &'static str,
    pub archive_sha256: &'static str,
    /// Path of the zip in the archive.
    pub inner_archive: &'static str,
    /// Path of the film in the zip.
    pub inner_file: &'static str,
    pub film_sha256: &'static str,
    /// What its licence asks to be shown.
    pub attribution: &'static str,
}

/// All there are.
pub const ALL: [OpenFilm; 1] = [OpenFilm {
    id: "big-buck-bunny",
    package: "moviepy",
    version: "2.2.1",
    archive_sha256: "c80cb56815ece94e5e3e2d361aa40070eeb30a09d23a24c4e684d03e16deacb1",
    inner_archive: "moviepy-2.2.1/docs/_static/medias/getting_started/moviepy_10_minutes/moviepy_10_minutes.zip",
    inner_file: "moviepy_10_minutes/resources/bbb.mp4",
    film_sha256: "475fbbf34c4c367998f80c29ea03b15a743941179b12da3373fc6706e68621d0",
    attribution: "Big Buck Bunny © 2008 Blender Foundation, peach.blender.org, licensed under CC BY 3.0",
}];

/// The film of this id.
pub fn find(id: &str) -> Option<&'static OpenFilm> {
    ALL.iter().find(|film| film.id == id)
}
