#!/usr/bin/env bash
# Draws the pictures of the README and the docs anew, from the examples.
set -euo pipefail
cd "$(dirname "$0")/../.."
for example in intravenous routes cell_size label_is_not_life \
        homing immunomodulation how_fast_to_infuse what_matters \
        body_map virtual_patients design_a_trial; do
    cargo run --quiet --release --example "$example" -- docs/pictures > /dev/null
done
# Those of the tutorial, by its commands.
work=$(mktemp -d)
biodist() { cargo run --quiet --release --features cli -- --quiet "$@"; }
biodist new "$work/mouse.toml"
biodist sensitivity "$work/mouse.toml" --organ lung --at 24h --top 5 --out "$work" > /dev/null
cp "$work/tornado.svg" docs/pictures/tornado.svg
rm -r "$work"
