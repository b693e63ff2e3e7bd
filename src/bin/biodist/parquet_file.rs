//! The long table as a Parquet file, which keeps every digit and its columns typed.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};

use crate::failure::Failure;
use crate::guard;
use crate::long_table::LongTable;

/// Writes the table; `id` is a column only when there are subjects.
pub fn write(path: &Path, table: &LongTable) -> Result<(), Failure> {
    let failed =
        |error: ParquetError| Failure::input(format!("cannot write {}: {error}", path.display()));
    guard::writes(path)?;
    let file = File::create(path).map_err(|error| Failure::of_file("write", path, &error))?;
    write_to(file, table).map_err(failed)
}

fn write_to(file: File, table: &LongTable) -> Result<(), ParquetError> {
    let named = !table.id.is_empty();
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer = SerializedFileWriter::new(file, schema(named)?, properties)?;
    let mut rows = writer.next_row_group()?;
    if named {
        texts(&mut rows, table.id.iter().map(String::as_str))?;
    }
    numbers(&mut rows, &table.time)?;
    texts(&mut rows, table.place.iter().map(String::as_str))?;
    texts(&mut rows, table.state.iter().copied())?;
    texts(&mut rows, table.product.iter().map(String::as_str))?;
    numbers(&mut rows, &table.cells)?;
    rows.close()?;
    writer.close()?;
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

type Rows<'a> = SerializedRowGroupWriter<'a, File>;

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
