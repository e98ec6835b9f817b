//! Where the component is: a program that the host starts, or a service that it connects to.

use std::env;
use std::path::{Path, PathBuf};

/// The name of the component's program.
const NAME: &str = if cfg!(windows) { "miandan-component.exe" } else { "miandan-component" };

/// What a place begins with that is the socket of a service.
const SERVICE: &str = "unix:";

/// Where the component is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComponentPlace {
    /// Library mode: a program that the host starts under its own user.
    Program(PathBuf),
    /// Service mode: the socket of `miandan-component --service`, which runs under a user of its own.
    Service(PathBuf),
}

/// No component was found. The message says where it was looked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{NAME} was not found at {}", list(.tried))]
pub struct NotFound {
    /// The places, in the order in which they were tried.
    pub tried: Vec<PathBuf>,
}

fn list(places: &[PathBuf]) -> String {
    places.iter().map(|place| place.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// Finds the component as [`component_path`] does; a place that begins with `unix:` is the socket of a service, and is not
/// looked for.
///
/// # Errors
/// [`NotFound`] with the places that were tried.
pub fn component_place(given: Option<&Path>) -> Result<ComponentPlace, NotFound> {
    component_place_beside(given, None)
}

/// Finds the component as [`component_place`] does, and beside a library before it looks beside the running program: that is
/// somebody else's where the library is a package of another language.
///
/// # Errors
/// [`NotFound`] with the places that were tried.
pub fn component_place_beside(
    given: Option<&Path>,
    library: Option<&Path>,
) -> Result<ComponentPlace, NotFound> {
    let named = given.map(Path::to_path_buf).or_else(variable);
    let socket = named.as_deref().and_then(Path::to_str).and_then(|place| place.strip_prefix(SERVICE));
    match socket {
        Some(socket) => Ok(ComponentPlace::Service(PathBuf::from(socket))),
        None => {
            let beside = library.filter(|_| named.is_none()).and_then(beside);
            first(beside.into_iter().chain(candidates(named)).collect()).map(ComponentPlace::Program)
        }
    }
}

/// The component in the folder of a file, links followed.
fn beside(file: &Path) -> Option<PathBuf> {
    Some(file.canonicalize().ok()?.parent()?.join(NAME))
}

/// Finds the component as [`component_place`] does, but asks no variable: for programs that run by themselves, where what is
/// in the environment is nobody's word.
///
/// # Errors
/// [`NotFound`] with the places that were tried.
pub fn named_place(given: Option<&Path>) -> Result<ComponentPlace, NotFound> {
    match given.and_then(Path::to_str).and_then(|place| place.strip_prefix(SERVICE)) {
        Some(socket) => Ok(ComponentPlace::Service(PathBuf::from(socket))),
        None => first(candidates(given.map(Path::to_path_buf))).map(ComponentPlace::Program),
    }
}

fn variable() -> Option<PathBuf> {
    env::var_os("MIANDAN_COMPONENT").filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Finds the component's program: the given path (`--component`), else the variable `MIANDAN_COMPONENT`, else beside the running
/// program, else in the directory that `MIANDAN_COMPONENT_DIR` named when Miandan was built.
/// Never on `PATH`. A path that was given and leads nowhere is an error; nothing else is tried then.
///
/// # Errors
/// [`NotFound`] with the places that were tried.
pub fn component_path(given: Option<&Path>) -> Result<PathBuf, NotFound> {
    first(candidates(given.map(Path::to_path_buf).or_else(variable)))
}

fn candidates(named: Option<PathBuf>) -> Vec<PathBuf> {
    if let Some(named) = named {
        return vec![named];
    }
    let beside = env::current_exe().ok().and_then(|program| beside(&program));
    let built_in = option_env!("MIANDAN_COMPONENT_DIR").map(|directory| Path::new(directory).join(NAME));
    beside.into_iter().chain(built_in).collect()
}

fn first(candidates: Vec<PathBuf>) -> Result<PathBuf, NotFound> {
    match candidates.iter().find(|candidate| candidate.is_file()) {
        Some(found) => Ok(found.clone()),
        None => Err(NotFound { tried: candidates }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_leads_nowhere_is_not_replaced_by_another() {
        let nowhere = Path::new("/nowhere/miandan-component");
        assert_eq!(component_path(Some(nowhere)), Err(NotFound { tried: vec![nowhere.to_path_buf()] }));
    }

    #[test]
    fn a_library_has_its_component_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().canonicalize().unwrap();
        let (library, component) = (folder.join("libmiandan.so"), folder.join(NAME));
        std::fs::write(&library, "").unwrap();
        let tried = component_place_beside(None, Some(&library)).unwrap_err().tried;
        assert_eq!(tried[0], component);
        assert!(tried.len() > 1, "the running program has one beside it as well");
        std::fs::write(&component, "").unwrap();
        let found = component_place_beside(None, Some(&library));
        assert_eq!(found, Ok(ComponentPlace::Program(component)));
        let nowhere = Path::new("/nowhere/miandan-component");
        assert!(component_place_beside(Some(nowhere), Some(&library)).is_err());
    }

    #[test]
    fn a_socket_is_a_service() {
        let place = component_place(Some(Path::new("unix:/run/miandan/component.sock")));
        assert_eq!(place, Ok(ComponentPlace::Service("/run/miandan/component.sock".into())));
        let program = env::current_exe().unwrap();
        assert_eq!(component_place(Some(&program)), Ok(ComponentPlace::Program(program)));
    }
}
