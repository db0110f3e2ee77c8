//! Parquet with one spelling: fixed writer properties, no embedded times or versions, exactly the expected columns.
//! Nothing is compressed in what must be computed again bit for bit, so that no release of a compressor can change it.

pub(crate) mod column;
mod dictionary;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BinaryArray, FixedSizeBinaryArray, Int64Array, RecordBatch, UInt8Array,
    UInt16Array, UInt32Array, UInt64Array,
};
use arrow::datatypes::{DataType, Schema};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};

use crate::EpochError;
use crate::folder::write_atomically;
use crate::origin::Origin;

/// Rows in one row group: small enough to name a damaged place usefully and to bound memory while reading.
const ROW_GROUP_ROWS: usize = 65_536;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    U8,
    U16,
    U32,
    U64,
    I64,
    Binary,
    Bytes(i32),
}

impl Kind {
    const fn data_type(self) -> DataType {
        match self {
            Self::U8 => DataType::UInt8,
            Self::U16 => DataType::UInt16,
            Self::U32 => DataType::UInt32,
            Self::U64 => DataType::UInt64,
            Self::I64 => DataType::Int64,
            Self::Binary => DataType::Binary,
            Self::Bytes(len) => DataType::FixedSizeBinary(len),
        }
    }
}

/// A column of a file.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub name: Cow<'static, str>,
    kind: Kind,
    optional: bool,
    /// Who says what stands in it.
    pub origin: Origin,
}

impl Field {
    pub const fn new(name: &'static str, kind: Kind, origin: Origin) -> Self {
        Self {
            name: Cow::Borrowed(name),
            kind,
            optional: false,
            origin,
        }
    }

    /// A column that may hold nulls.
    pub const fn optional(name: &'static str, kind: Kind, origin: Origin) -> Self {
        Self {
            name: Cow::Borrowed(name),
            kind,
            optional: true,
            origin,
        }
    }

    /// A column whose name is data.
    pub const fn named(name: String, kind: Kind, optional: bool, origin: Origin) -> Self {
        Self {
            name: Cow::Owned(name),
            kind,
            optional,
            origin,
        }
    }
}

fn schema_of(fields: &[Field]) -> Arc<Schema> {
    Arc::new(Schema::new(
        fields
            .iter()
            .map(|field| {
                arrow::datatypes::Field::new(&*field.name, field.kind.data_type(), field.optional)
            })
            .collect::<Vec<_>>(),
    ))
}

/// `dictionaries` are the names of the columns that get one.
fn writer_options<'a>(dictionaries: impl Iterator<Item = &'a str>) -> ArrowWriterOptions {
    let mut properties = WriterProperties::builder()
        // Version 1 has no dictionary for values of a fixed length, which keys and hashes are.
        .set_writer_version(WriterVersion::PARQUET_2_0)
        .set_created_by("cairn".to_owned())
        .set_key_value_metadata(None)
        .set_compression(Compression::UNCOMPRESSED)
        .set_encoding(Encoding::PLAIN)
        .set_dictionary_enabled(false)
        // A dictionary that is given up half-way would be larger than none: whether there is one is decided before.
        .set_dictionary_page_size_limit(i32::MAX as usize)
        .set_data_page_size_limit(1 << 20)
        .set_data_page_row_count_limit(20_000)
        .set_write_batch_size(1_024)
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_max_row_group_bytes(None)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_bloom_filter_enabled(false);
    for name in dictionaries {
        properties = properties.set_column_dictionary_enabled(name.into(), true);
    }
    // The embedded Arrow schema would add nothing but bytes that change with the library.
    ArrowWriterOptions::new()
        .with_properties(properties.build())
        .with_skip_arrow_metadata(true)
}

/// The file that holds `columns`.
pub(crate) fn encode_table(
    path: &Path,
    fields: &[Field],
    columns: Vec<ArrayRef>,
) -> Result<Vec<u8>, EpochError> {
    let shrinks = |column: &ArrayRef| dictionary::shrinks(column, ROW_GROUP_ROWS);
    encode(path, fields, columns, shrinks)
}

/// The same, with a dictionary for each column that `has_dictionary`.
fn encode(
    path: &Path,
    fields: &[Field],
    columns: Vec<ArrayRef>,
    has_dictionary: impl Fn(&ArrayRef) -> bool,
) -> Result<Vec<u8>, EpochError> {
    let options = writer_options(
        fields
            .iter()
            .zip(&columns)
            .filter(|(_, column)| has_dictionary(column))
            .map(|(field, _)| &*field.name),
    );
    let failed = |message: String| EpochError::Parquet {
        path: path.to_owned(),
        at: "while writing".to_owned(),
        message,
    };
    let batch = RecordBatch::try_new(schema_of(fields), columns)
        .map_err(|error| failed(error.to_string()))?;
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new_with_options(&mut bytes, batch.schema(), options)
        .map_err(|error| failed(error.to_string()))?;
    writer
        .write(&batch)
        .map_err(|error| failed(error.to_string()))?;
    writer.close().map_err(|error| failed(error.to_string()))?;
    Ok(bytes)
}

pub(crate) fn write_table(
    path: &Path,
    fields: &[Field],
    columns: Vec<ArrayRef>,
) -> Result<(), EpochError> {
    write_atomically(path, &encode_table(path, fields, columns)?)
}

/// Calls `take` with the rows of the file in `bytes`, a batch at a time, in order. `path` is for messages: what was
/// hashed is what is parsed.
pub(crate) fn decode_table(
    path: &Path,
    bytes: Bytes,
    fields: &[Field],
    mut take: impl FnMut(&Rows<'_>) -> Result<(), EpochError>,
) -> Result<(), EpochError> {
    let damaged = |at: &str, message: String| EpochError::Parquet {
        path: path.to_owned(),
        at: at.to_owned(),
        message,
    };
    let metadata = load_footer(&bytes).map_err(|message| damaged("footer", message))?;
    let expected = schema_of(fields);
    if metadata.schema().fields() != expected.fields() {
        return Err(EpochError::Schema {
            path: path.to_owned(),
            message: schema_difference(&expected, metadata.schema()),
        });
    }
    let mut first = 0;
    for group in 0..metadata.metadata().num_row_groups() {
        let at = format!("row group {group}");
        let batches = guarded(|| {
            ParquetRecordBatchReaderBuilder::new_with_metadata(bytes.clone(), metadata.clone())
                .with_row_groups(vec![group])
                .with_batch_size(8_192)
                .build()?
                .map(|batch| batch.map_err(parquet::errors::ParquetError::from))
                .collect::<Result<Vec<_>, _>>()
        })
        .map_err(|message| damaged(&at, message))?;
        for batch in batches {
            let rows = Rows { path, batch, first };
            first += rows.len() as u64;
            take(&rows)?;
        }
    }
    Ok(())
}

/// A whole file of whatever columns, for comparing.
pub(crate) fn read_batches(path: &Path, bytes: Bytes) -> Result<RecordBatch, EpochError> {
    let damaged = |message| EpochError::Parquet {
        path: path.to_owned(),
        at: "whole file".to_owned(),
        message,
    };
    let metadata = load_footer(&bytes).map_err(damaged)?;
    guarded(|| {
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(bytes, metadata).build()?;
        let schema = arrow::array::RecordBatchReader::schema(&reader);
        let batches = reader.collect::<Result<Vec<_>, _>>()?;
        Ok(arrow::compute::concat_batches(&schema, &batches)?)
    })
    .map_err(damaged)
}

/// Rows in a file, from its footer.
pub(crate) fn count_rows(path: &Path, bytes: Bytes) -> Result<u64, EpochError> {
    let damaged = |message| EpochError::Parquet {
        path: path.to_owned(),
        at: "footer".to_owned(),
        message,
    };
    let metadata = load_footer(&bytes).map_err(damaged)?;
    let rows = metadata.metadata().file_metadata().num_rows();
    u64::try_from(rows).map_err(|_| damaged(format!("it claims {rows} rows")))
}

/// Reads the footer and checks that what it points at lies in the file: the library takes that for granted.
fn load_footer(bytes: &Bytes) -> Result<ArrowReaderMetadata, String> {
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let metadata = guarded(|| ArrowReaderMetadata::load(bytes, options))?;
    for (group, row_group) in metadata.metadata().row_groups().iter().enumerate() {
        for column in row_group.columns() {
            let start = column
                .dictionary_page_offset()
                .unwrap_or_else(|| column.data_page_offset());
            let inside = u64::try_from(start)
                .ok()
                .zip(u64::try_from(column.compressed_size()).ok())
                .and_then(|(start, len)| start.checked_add(len))
                .is_some_and(|end| end <= bytes.len() as u64);
            if !inside {
                return Err(format!(
                    "a column of row group {group} lies outside the file"
                ));
            }
        }
    }
    Ok(metadata)
}

/// Should the library panic over a damaged file all the same, a stranger's file must not end an audit that way.
fn guarded<T>(
    read: impl FnOnce() -> Result<T, parquet::errors::ParquetError>,
) -> Result<T, String> {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)) {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(_) => Err("its structure contradicts itself".to_owned()),
    }
}

fn schema_difference(expected: &Schema, found: &Schema) -> String {
    for (expected, found) in expected.fields().iter().zip(found.fields()) {
        if expected != found {
            return format!(
                "expected {} {}, found {} {}",
                expected.name(),
                expected.data_type(),
                found.name(),
                found.data_type()
            );
        }
    }
    format!(
        "expected {} columns, found {}",
        expected.fields().len(),
        found.fields().len()
    )
}

/// Consecutive rows of a file.
pub(crate) struct Rows<'a> {
    path: &'a Path,
    batch: RecordBatch,
    first: u64,
}

macro_rules! getters {
    ($($name:ident -> $array:ty;)*) => {
        $(pub fn $name(&self, name: &str) -> Result<&$array, EpochError> {
            self.typed(name)
        })*
    };
}

impl Rows<'_> {
    getters! {
        u8 -> UInt8Array;
        u16 -> UInt16Array;
        u32 -> UInt32Array;
        u64 -> UInt64Array;
        i64 -> Int64Array;
        binary -> BinaryArray;
    }

    pub fn len(&self) -> usize {
        self.batch.num_rows()
    }

    /// Number of the batch's row `row` in the whole file.
    pub const fn number(&self, row: usize) -> u64 {
        self.first + row as u64
    }

    pub const fn batch(&self) -> &RecordBatch {
        &self.batch
    }

    pub fn bytes<const N: usize>(&self, name: &str) -> Result<Fixed<'_, N>, EpochError> {
        Ok(Fixed(self.typed(name)?))
    }

    pub fn refuse(
        &self,
        row: usize,
        field: impl Into<Cow<'static, str>>,
        message: String,
    ) -> EpochError {
        EpochError::Row {
            path: self.path.to_owned(),
            row: self.number(row),
            field: field.into(),
            message,
        }
    }

    fn typed<T: 'static>(&self, name: &str) -> Result<&T, EpochError> {
        self.batch
            .column_by_name(name)
            .and_then(|column| column.as_any().downcast_ref())
            .ok_or_else(|| EpochError::Schema {
                path: self.path.to_owned(),
                message: format!("column {name} is absent or of another type"),
            })
    }
}

/// A column of keys, hashes or codes of `N` bytes.
pub(crate) struct Fixed<'a, const N: usize>(&'a FixedSizeBinaryArray);

impl<const N: usize> Fixed<'_, N> {
    pub fn get(&self, row: usize) -> [u8; N] {
        let mut bytes = [0; N];
        bytes.copy_from_slice(self.0.value(row));
        bytes
    }

    pub fn optional(&self, row: usize) -> Option<[u8; N]> {
        self.0.is_valid(row).then(|| self.get(row))
    }
}
