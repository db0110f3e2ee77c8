//! The scalar functions of our own: 64-bit integers in, a 64-bit integer out, null when any argument is null.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use h3o::{CellIndex, Resolution};

use crate::geometry::{distance_m, grid_square};

/// A pure function of integers. `Ok(None)` is SQL's null: the value does not exist.
pub(crate) type Compute = fn(&[i64]) -> std::result::Result<Option<i64>, String>;

/// A scalar function as DataFusion calls it. Two with the same name are the same.
#[derive(Debug)]
pub(crate) struct IntegerFunction {
    name: &'static str,
    signature: Signature,
    compute: Compute,
}

impl IntegerFunction {
    pub(crate) fn new(name: &'static str, arguments: usize, compute: Compute) -> Self {
        Self {
            name,
            signature: Signature::uniform(arguments, vec![DataType::Int64], Volatility::Immutable),
            compute,
        }
    }
}

impl PartialEq for IntegerFunction {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for IntegerFunction {}

impl std::hash::Hash for IntegerFunction {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl ScalarUDFImpl for IntegerFunction {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let columns: Vec<&Int64Array> = arrays
            .iter()
            .map(|array| array.as_primitive::<Int64Type>())
            .collect();
        let rows = arrays.first().map_or(args.number_rows, Array::len);
        let mut values = vec![0; columns.len()];
        let mut results = Vec::with_capacity(rows);
        for row in 0..rows {
            if columns.iter().any(|column| column.is_null(row)) {
                results.push(None);
                continue;
            }
            for (value, column) in values.iter_mut().zip(&columns) {
                *value = column.value(row);
            }
            match (self.compute)(&values) {
                Ok(result) => results.push(result),
                Err(message) => return exec_err!("{message}"),
            }
        }
        let array: ArrayRef = Arc::new(Int64Array::from(results));
        Ok(ColumnarValue::Array(array))
    }
}

/// Every scalar function of our own that rules may name.
pub(crate) fn all() -> Vec<Arc<ScalarUDF>> {
    let functions: [(&str, usize, Compute); 5] = [
        ("distance_m", 4, |a| Ok(distance_m(a[0], a[1], a[2], a[3]))),
        ("grid_square", 5, |a| {
            Ok(grid_square(a[0], a[1], a[2], a[3], a[4]))
        }),
        ("cell_resolution", 1, |a| {
            Ok(cell(a[0]).map(|cell| i64::from(u8::from(cell.resolution()))))
        }),
        ("cell_parent", 2, |a| Ok(cell_parent(a[0], a[1]))),
        ("mul_div", 3, |a| mul_div(a[0], a[1], a[2]).map(Some)),
    ];
    functions
        .into_iter()
        .map(|(name, arguments, compute)| {
            Arc::new(ScalarUDF::new_from_impl(IntegerFunction::new(
                name, arguments, compute,
            )))
        })
        .collect()
}

/// Only what H3 decides by looking at bits: validity, resolution, ancestors.
fn cell(index: i64) -> Option<CellIndex> {
    CellIndex::try_from(u64::try_from(index).ok()?).ok()
}

fn cell_parent(index: i64, resolution: i64) -> Option<i64> {
    let resolution = Resolution::try_from(u8::try_from(resolution).ok()?).ok()?;
    i64::try_from(u64::from(cell(index)?.parent(resolution)?)).ok()
}

/// a × b / c, rounded down, with the product in 128 bits: the one place where a payment is rounded.
fn mul_div(a: i64, b: i64, c: i64) -> std::result::Result<i64, String> {
    let product = i128::from(a) * i128::from(b);
    product
        .checked_div_euclid(i128::from(c))
        .filter(|_| c > 0)
        .and_then(|quotient| i64::try_from(quotient).ok())
        .ok_or_else(|| format!("mul_div({a}, {b}, {c}) has no 64-bit result"))
}
