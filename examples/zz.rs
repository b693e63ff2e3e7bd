//! x
use biodist::network::{NetworkFile, Schedule};
use biodist::solver::*;
use std::time::Instant;
fn main() {
    let file = NetworkFile::from_json(include_str!("../tests/data/whole_body.json")).unwrap();
    let network = file.network().unwrap();
    let schedule = Schedule::new();
    for (rtol, atol) in [(1e-3, 1e-3*1e-4*1e8), (3e-6, 3e-6*1e-4*1e8)] {
        let options = Options { rtol, atol: Some(atol), keep: Keep::Outputs, ..Options::default() };
        let subject = |n: usize| {
            let mut s = Subject::of(&network);
            for (k, v) in s.values.iter_mut().enumerate() {
                let share = ((n * 55 + k + 1) as f64 * 0.6180339887498949).fract();
                *v *= (1.0 * (share - 0.5)).exp();
            }
            s
        };
        let ensemble = Ensemble::new(&network, &schedule, &file.times, &options).unwrap();
        for _ in 0..3 {
            let t = Instant::now();
            let mut sum = 0.0; let mut steps=0;
            ensemble.run((0..2000).map(subject), |_, o| { let o=o.unwrap(); sum += o.state(50).unwrap()[3]; steps+=o.statistics().factorisations; });
            let dt = t.elapsed();
            println!("lanes {rtol:e}: {:.1} us/subject, {} steps {sum}", dt.as_secs_f64()*1e6/2000.0, steps as f64/2000.0);
        }
        let mut integ = Integrator::new(&network);
        let t = Instant::now();
        let mut net = network.clone();
        for n in 0..500 {
            let s = subject(n);
            for (name, v) in network.parameters().iter().zip(&s.values) { net.set(name, *v).unwrap(); }
            let r = integ.run(&net, &schedule, &file.times, &options).unwrap();
            std::hint::black_box(&r);
        }
        println!("scalar {:.1} us", t.elapsed().as_secs_f64()*1e6/500.0);
    }
}
