//! The network as a Graphviz picture.

use std::fmt::Write;

use super::Network;

impl Network {
    /// The network in the DOT language: pools as nodes, transfers as arrows with their rate.
    ///
    /// Draw it with `dot -Tsvg`.
    #[must_use]
    pub fn to_dot(&self) -> String {
        let mut dot = String::from(
            "digraph network {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"Helvetica\"];\n  edge [fontname=\"Helvetica\", fontsize=9];\n",
        );
        for (index, pool) in self.pools().iter().enumerate() {
            let _ = writeln!(dot, "  p{index} [label={}];", quoted(pool));
        }
        for transfer in self.transfers() {
            let _ = writeln!(
                dot,
                "  p{} -> p{} [label={}, tooltip={}];",
                transfer.from.index(),
                transfer.to.index(),
                quoted(&transfer.id),
                quoted(&self.rate_text(transfer)),
            );
        }
        dot.push_str("}\n");
        dot
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
