//! wasm-bindgen's own program, which `trunk` looks for as `wasm-bindgen` on the `PATH`.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(std::env::args_os())
}
