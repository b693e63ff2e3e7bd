//! Living cells and remains in organs over time.

use super::PlotError;
use super::axis::{Axis, Scale};
use super::frame::{Frame, heading};
use super::look::{FAINT_INK, HEIGHT, LABEL, LINES, STROKE, WIDTH, colour, plain, text_width};
use super::samples::{suiting, summary, times};
use super::sheet::{Anchor, Sheet, Stroke};
use crate::organ::{Place, State};
use crate::physiology::Organ;
use crate::simulation::Run;

/// Choices for [`time_courses`].
///
/// ```
/// use biodist::plot::{Scale, TimeCourses};
/// let looks = TimeCourses { values: Scale::Linear, ..TimeCourses::default() };
/// assert!(looks.places.is_empty()); // the six with the largest peaks
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct TimeCourses {
    /// Places to show, in this order; empty: the six with the largest peaks, living or remains.
    pub places: Vec<Place>,
    /// How shares of the dose are spread along the vertical axis.
    pub values: Scale,
    /// Least share on a log axis, % of the dose; what is below is not seen.
    pub least: f64,
    /// How time is spread: log from one minute on, or linear, which suits repeated doses.
    pub time: Scale,
    /// What is seen; empty for a title of the picture's own.
    pub title: String,
}

impl Default for TimeCourses {
    fn default() -> Self {
        Self {
            places: vec![],
            values: Scale::Log,
            least: 1e-3,
            time: Scale::Log,
            title: String::new(),
        }
    }
}

/// One place with its shares of the dose, %.
#[derive(Clone)]
struct Course {
    place: Place,
    viable: Vec<f64>,
    remains: Vec<f64>,
}

impl Course {
    fn peak(&self) -> f64 {
        self.viable
            .iter()
            .chain(&self.remains)
            .copied()
            .fold(0.0, f64::max)
    }
}

/// Draws living cells (solid) and remains (dashed) of places over time, in % of the dose, as SVG.
///
/// # Errors
/// [`PlotError::Observation`] for a place that the run does not have; [`PlotError::NothingToDraw`]
/// when all places stay empty or the run has fewer than two times to show.
///
/// # Example
/// ```
/// use biodist::plot::{TimeCourses, time_courses};
/// use biodist::prelude::*;
/// let run = Scenario::new(Host::mouse(25.g()))
///     .dose(Dose::new(5e5.cells(), Product::bone_marrow_msc()))
///     .simulate()?;
/// let places = vec![Organ::LUNG.into(), Organ::LIVER.into()];
/// let svg = time_courses(&run, &TimeCourses { places, ..TimeCourses::default() })?;
/// assert!(svg.contains("liver") && !svg.contains("spleen"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn time_courses(run: &Run, looks: &TimeCourses) -> Result<String, PlotError> {
    let nothing = |reason: &str| Err(PlotError::nothing("time courses", reason));
    let clock = Axis::clock(looks.time, run.trajectory.span().1);
    let times = times(run, &clock);
    if times.len() < 2 {
        return nothing("the run has fewer than two times to show");
    }
    for place in &looks.places {
        run.viable(place.clone())?;
    }
    let courses = chosen(all_courses(run, &times)?, looks);
    let top = courses.iter().map(Course::peak).fold(0.0, f64::max);
    if top <= 0.0 {
        return nothing("all places stay empty");
    }
    let values = match looks.values {
        Scale::Linear => Axis::linear(0.0, top),
        // A floor above all lines would hide them all.
        Scale::Log => Axis::log(looks.least.min(0.1 * top), top),
    };
    let size = (WIDTH, Legend::height(courses.len()).max(HEIGHT));
    let mut sheet = Sheet::new(size.0, size.1);
    let title = if looks.title.is_empty() {
        "Living cells and remains over time"
    } else {
        &looks.title
    };
    let below = heading(&mut sheet, WIDTH, title, &summary(&run.model));
    let shades = shades(&courses);
    let legend = Legend::new(&courses, &shades);
    let frame = Frame::new(size, below, legend.width(), clock, values);
    let time_title = frame.x.titled("Time since the start");
    let value_title = frame.y.titled("Cells (% of dose)");
    frame.draw(&mut sheet, &time_title, &value_title);
    for (shade, course) in shades.iter().zip(&courses).rev() {
        for (shares, dashed) in [(&course.remains, true), (&course.viable, false)] {
            let line: Vec<(f64, f64)> = times.iter().copied().zip(shares.iter().copied()).collect();
            frame.line(&mut sheet, &line, stroke(*shade, dashed));
        }
    }
    legend.draw(&mut sheet, frame.right + 16.0, frame.top);
    sheet.finish()
}

impl Run {
    /// Living cells and remains of the six fullest places over time, as SVG: [`time_courses`] with
    /// its default choices, and with a linear time where doses are given late.
    ///
    /// # Errors
    /// As [`time_courses`].
    pub fn picture_of_time_courses(&self) -> Result<String, PlotError> {
        let time = suiting(self);
        time_courses(
            self,
            &TimeCourses {
                time,
                ..TimeCourses::default()
            },
        )
    }
}

/// The number of the colour of each place. What is looked at most has the same one in every picture; the others take
/// what is left.
fn shades(courses: &[Course]) -> Vec<usize> {
    let usual = |course: &Course| {
        [Organ::LUNG, Organ::LIVER, Organ::KIDNEY, Organ::SPLEEN]
            .into_iter()
            .position(|organ| course.place == organ.into())
    };
    let taken: Vec<usize> = courses.iter().filter_map(usual).collect();
    let mut free = (0..).filter(|shade| !taken.contains(shade));
    let shades = courses
        .iter()
        .map(|course| usual(course).or_else(|| free.next()));
    shades.flatten().collect()
}

/// Colour and dashes of place number `index`; beyond the palette lines are thinner.
fn stroke(index: usize, dashed: bool) -> Stroke {
    let width = if index < LINES.len() {
        STROKE
    } else {
        0.6 * STROKE
    };
    Stroke {
        colour: colour(index),
        width,
        dashed,
    }
}

fn all_courses(run: &Run, times: &[f64]) -> Result<Vec<Course>, PlotError> {
    let atlas = &run.model.atlas;
    let percent = 100.0 / run.model.total_dose();
    let inside = |place: &Place| *place != Place::Outside;
    let places: Vec<Place> = atlas.places().into_iter().filter(inside).collect();
    let pools: Vec<[Vec<usize>; 2]> = places
        .iter()
        .map(|place| [&State::VIABLE[..], &State::REMAINS].map(|states| atlas.pools(place, states)))
        .collect();
    let mut courses: Vec<Course> = places
        .into_iter()
        .map(|place| Course {
            place,
            viable: vec![],
            remains: vec![],
        })
        .collect();
    for time in times {
        let amounts = run.trajectory.at(*time)?;
        let sum = |pools: &[usize]| percent * pools.iter().map(|pool| amounts[*pool]).sum::<f64>();
        for (course, [viable, remains]) in courses.iter_mut().zip(&pools) {
            course.viable.push(sum(viable));
            course.remains.push(sum(remains));
        }
    }
    for course in &courses {
        let values = course.viable.iter().chain(&course.remains).copied();
        PlotError::unless_finite(course.place.name(), values)?;
    }
    Ok(courses)
}

fn chosen(mut courses: Vec<Course>, looks: &TimeCourses) -> Vec<Course> {
    if looks.places.is_empty() {
        courses.sort_by(|a, b| b.peak().total_cmp(&a.peak()));
        courses.retain(|course| course.peak() > 0.0);
        courses.truncate(6);
        return courses;
    }
    let wanted = looks.places.iter();
    let find = |place: &Place| courses.iter().find(|course| course.place == *place);
    wanted.filter_map(find).cloned().collect()
}

/// Two columns of strokes, living and remains, and the names of the places.
struct Legend {
    names: Vec<(String, usize, bool)>,
}

/// Length of a stroke, begin of the second column and of the names, px.
const SAMPLE: f64 = 30.0;
const COLUMN: f64 = 50.0;
const NAMES: f64 = COLUMN + SAMPLE + 12.0;

impl Legend {
    fn new(courses: &[Course], shades: &[usize]) -> Self {
        let name = |course: &Course| match &course.place {
            Place::Blood(blood) => format!("{} blood", blood.name()),
            other => plain(other.name()),
        };
        let names = courses.iter().zip(shades);
        Self {
            names: names
                .map(|(course, shade)| (name(course), *shade, course.peak() > 0.0))
                .collect(),
        }
    }

    fn width(&self) -> f64 {
        let widths = self.names.iter().map(|(name, ..)| text_width(name, LABEL));
        16.0 + NAMES + widths.fold(40.0, f64::max)
    }

    /// Height of a picture that has room for so many places, px.
    fn height(places: usize) -> f64 {
        22.0_f64.mul_add(places as f64, 180.0)
    }

    fn draw(&self, sheet: &mut Sheet, x: f64, top: f64) {
        let small = LABEL.coloured(FAINT_INK);
        sheet.text((x, top + 4.0), "living", small, Anchor::Start);
        sheet.text((x + COLUMN, top + 4.0), "remains", small, Anchor::Start);
        for (index, (name, shade, filled)) in self.names.iter().enumerate() {
            let y = 22.0_f64.mul_add(index as f64, top + 30.0);
            for (column, dashed) in [(0.0, false), (COLUMN, true)] {
                let from = x + column;
                sheet.line(vec![(from, y), (from + SAMPLE, y)], stroke(*shade, dashed));
            }
            let font = if *filled { LABEL } else { small };
            sheet.text((x + NAMES, y), name, font, Anchor::Start);
        }
    }
}
