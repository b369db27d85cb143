//! Short names for what the WebAssembly imports from its JavaScript.
//!
//! wasm-bindgen names each import after what it calls and adds a hash, which stands in both files and which no compression
//! makes smaller: together nearly four kilobytes of a first visit. Only these two files know the names.

use anyhow::{Context as _, Result};
use std::collections::BTreeMap;
use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{ImportSection, Module};
use wasmparser::{Import, ImportSectionReader, Parser};

/// What all names that wasm-bindgen makes begin with.
const MADE: &str = "__wb";

/// Shortens the names in each pair of files that wasm-bindgen wrote: `x_bg.wasm` and `x.js`.
pub(super) fn shorten(files: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    let pairs: Vec<(String, String)> = files
        .keys()
        .filter_map(|wasm| {
            Some((
                wasm.clone(),
                format!("{}.js", wasm.strip_suffix("_bg.wasm")?),
            ))
        })
        .filter(|(_, js)| files.contains_key(js))
        .collect();
    for (wasm, js) in pairs {
        let mut names = Names::default();
        let mut module = Module::new();
        names
            .parse_core_module(&mut module, Parser::new(0), &files[&wasm])
            .with_context(|| format!("{wasm} is not understood"))?;
        let glue = String::from_utf8_lossy(&files[&js]).into_owned();
        files.insert(js, names.rename(&glue).into_bytes());
        files.insert(wasm, module.finish());
    }
    Ok(())
}

/// The names in the order of the imports.
#[derive(Default)]
struct Names(Vec<String>);

impl Names {
    fn short(place: usize) -> String {
        format!("i{place}")
    }

    /// The JavaScript with the short names as keys.
    fn rename(&self, glue: &str) -> String {
        let mut longest_first: Vec<_> = self.0.iter().enumerate().collect();
        longest_first.sort_by_key(|(_, name)| std::cmp::Reverse(name.len()));
        longest_first
            .into_iter()
            .fold(glue.to_owned(), |glue, (place, name)| {
                glue.replace(name.as_str(), &Self::short(place))
            })
    }
}

impl Reencode for Names {
    type Error = std::convert::Infallible;

    /// One by one, however the section groups them.
    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), reencode::Error<Self::Error>> {
        for import in section.into_imports() {
            self.parse_import(imports, import?)?;
        }
        Ok(())
    }

    fn parse_import(
        &mut self,
        imports: &mut ImportSection,
        import: Import<'_>,
    ) -> Result<(), reencode::Error<Self::Error>> {
        let kind = self.entity_type(import.ty)?;
        if import.name.starts_with(MADE) {
            imports.import(import.module, &Self::short(self.0.len()), kind);
            self.0.push(import.name.to_owned());
        } else {
            imports.import(import.module, import.name, kind);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{EntityType, TypeSection};

    /// A module that imports these names from `./x_bg.js`.
    fn module(names: &[&str]) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        for name in names {
            imports.import("./x_bg.js", name, EntityType::Function(0));
        }
        let mut module = Module::new();
        module.section(&types).section(&imports);
        module.finish()
    }

    fn files(wasm: Vec<u8>, glue: &str) -> BTreeMap<String, Vec<u8>> {
        BTreeMap::from([
            ("x_bg.wasm".to_owned(), wasm),
            ("x.js".to_owned(), glue.as_bytes().to_vec()),
        ])
    }

    #[test]
    fn both_files_have_the_same_short_names() {
        let names = ["__wbg_get_0f", "__wbg_get_0fe", "memory"];
        let glue = "const i = { __wbg_get_0f: f, __wbg_get_0fe: g, memory: m }; __wbg_init();";
        let mut files = files(module(&names), glue);
        shorten(&mut files).unwrap();
        assert_eq!(files["x_bg.wasm"], module(&["i0", "i1", "memory"]));
        let glue = std::str::from_utf8(&files["x.js"]).unwrap();
        assert_eq!(glue, "const i = { i0: f, i1: g, memory: m }; __wbg_init();");
    }

    #[test]
    fn what_is_no_module_is_refused_by_name() {
        let error = shorten(&mut files(b"<html>".to_vec(), "")).unwrap_err();
        assert_eq!(error.to_string(), "x_bg.wasm is not understood");
    }

    #[test]
    fn webassembly_of_others_stays_as_it_is() {
        let mut others = BTreeMap::from([("y.wasm".to_owned(), b"x".to_vec())]);
        shorten(&mut others).unwrap();
        assert_eq!(others["y.wasm"], b"x");
    }
}
