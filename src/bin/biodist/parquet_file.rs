//! The long table as a Parquet file, which keeps every digit and its columns typed.

use std::mem::take;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};

use crate::failure::Failure;
use crate::long_table::LongTable;
use crate::subject::Simulated;
use crate::terminal::Terminal;
use crate::whole_file::{Links, WholeFile};

/// Rows that are kept in memory before they are written.
const ROWS: usize = 100_000;

/// A file under way, to which runs are added one by one.
pub struct ParquetFile {
    path: PathBuf,
    /// What has not been written yet.
    table: LongTable,
    writer: SerializedFileWriter<WholeFile>,
}

impl ParquetFile {
    /// Begins a file; `id` is a column only when there are subjects.
    pub fn begin(path: &Path, named: bool) -> Result<Self, Failure> {
        let file = WholeFile::begin(path, Links::Followed)?;
        let properties = Arc::new(WriterProperties::builder().build());
        let writer = schema(named);
        let writer = writer.and_then(|schema| SerializedFileWriter::new(file, schema, properties));
        Ok(Self {
            path: path.to_path_buf(),
            table: LongTable::default(),
            writer: writer.map_err(|error| failed(path, &error))?,
        })
    }

    /// Adds a run.
    pub fn add(&mut self, subject: &Simulated) -> Result<(), Failure> {
        self.table.add(subject, &[])?;
        match self.table.time.len() >= ROWS {
            true => self.write(),
            false => Ok(()),
        }
    }

    fn write(&mut self) -> Result<(), Failure> {
        let table = take(&mut self.table);
        let written = write_rows(&mut self.writer, &table);
        written.map_err(|error| failed(&self.path, &error))
    }

    /// Ends the file and gives it its name.
    pub fn finish(mut self, terminal: &Terminal) -> Result<(), Failure> {
        self.write()?;
        let file = self.writer.into_inner();
        file.map_err(|error| failed(&self.path, &error))?.finish()?;
        terminal.wrote(&self.path);
        Ok(())
    }
}

fn failed(path: &Path, error: &ParquetError) -> Failure {
    Failure::input(format!("cannot write {}: {error}", path.display()))
}

fn write_rows(
    writer: &mut SerializedFileWriter<WholeFile>,
    table: &LongTable,
) -> Result<(), ParquetError> {
    let mut rows = writer.next_row_group()?;
    if !table.id.is_empty() {
        texts(&mut rows, table.id.iter().map(String::as_str))?;
    }
    numbers(&mut rows, &table.time)?;
    texts(&mut rows, table.place.iter().map(String::as_str))?;
    texts(&mut rows, table.state.iter().copied())?;
    texts(&mut rows, table.product.iter().map(String::as_str))?;
    numbers(&mut rows, &table.cells)?;
    rows.close()?;
    Ok(())
}

fn schema(named: bool) -> Result<TypePtr, ParquetError> {
    let text = |name: &str| {
        Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
            .with_repetition(Repetition::REQUIRED)
            .with_logical_type(Some(LogicalType::String))
            .build()
            .map(Arc::new)
    };
    let number = |name: &str| {
        Type::primitive_type_builder(name, Physical::DOUBLE)
            .with_repetition(Repetition::REQUIRED)
            .build()
            .map(Arc::new)
    };
    let mut fields = vec![];
    if named {
        fields.push(text("id")?);
    }
    fields.extend([
        number("time_h")?,
        text("place")?,
        text("state")?,
        text("product")?,
        number("cells")?,
    ]);
    let schema = Type::group_type_builder("cells")
        .with_fields(fields)
        .build()?;
    Ok(Arc::new(schema))
}

type Rows<'a> = SerializedRowGroupWriter<'a, WholeFile>;

/// Nothing in the table is ever absent, so that no levels are needed.
fn texts<'t>(
    rows: &mut Rows<'_>,
    values: impl Iterator<Item = &'t str>,
) -> Result<(), ParquetError> {
    let values: Vec<ByteArray> = values.map(ByteArray::from).collect();
    if let Some(mut column) = rows.next_column()? {
        column
            .typed::<ByteArrayType>()
            .write_batch(&values, None, None)?;
        column.close()?;
    }
    Ok(())
}

fn numbers(rows: &mut Rows<'_>, values: &[f64]) -> Result<(), ParquetError> {
    if let Some(mut column) = rows.next_column()? {
        column
            .typed::<DoubleType>()
            .write_batch(values, None, None)?;
        column.close()?;
    }
    Ok(())
}
