#!/usr/bin/env bash
# Draws the pictures of the README and the docs anew: draw.sh [FOLDER], by default into docs/pictures.
# Not those of long measurements: calibration*.svg (--example calibrate), scaling.svg and work_precision.svg
# (cargo bench), explore.png (BIODIST_DRAW=1 tests/browser/run picture).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$here/../.."
for example in intravenous routes cell_size label_is_not_life \
        homing immunomodulation how_fast_to_infuse what_matters \
        body_map virtual_patients design_a_trial qualify; do
    # What it prints is kept beside pictures that are only compared.
    printed=$out/$example.txt
    [ "$out" != "$here" ] || printed=/dev/null
    cargo run --locked --quiet --release --example "$example" -- "$out" > "$printed"
done
# Those of the tutorial and the model, by the command line.
work=$(mktemp -d)
biodist() { cargo run --locked --quiet --release --features cli -- --quiet "$@"; }
awk '/^```toml mouse.toml/ { on = 1; next } /^```/ { on = 0 } on' docs/tutorial.md > "$work/mouse.toml"
biodist sensitivity "$work/mouse.toml" --organ lung --at 24h --top 5 --out "$work" > /dev/null
cp "$work/tornado.svg" "$out/"
biodist network examples/scenarios/human_two_products.toml --picture "$out/circulation.svg"
biodist network tests/data/whole_body.json --picture "$out/matrix.svg"
rm -r "$work"
# The pages that some of them write are no pictures.
if [ "$out" = "$here" ]; then
    rm -f "$out"/qualification.html "$out"/qualification.json
fi
