//! `travel_speed`: how fast somebody would have had to travel since the last place they can really have been at.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array};
use arrow::datatypes::{DataType, Field, FieldRef, Int64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::function::{PartitionEvaluatorArgs, WindowUDFFieldArgs};
use datafusion::logical_expr::{PartitionEvaluator, Signature, Volatility, WindowUDFImpl};

use crate::geometry::distance_m;

/// `travel_speed(lat_e7, lon_e7, at_ms, start_lat_e7, start_lon_e7, start_at_ms, limit_m_per_h) OVER (PARTITION BY … ORDER BY …)`
///
/// Walks a partition in order and gives, for each row, the speed in metres an hour from the last plausible place:
/// the last row before whose own speed was within the limit, or the start (which is the same in every row of a
/// partition, and null when nothing is known). Null for the first place of all. A row above the limit moves nothing,
/// so one false claim can not make the true ones after it look impossible; which is why this is not a plain `lag`.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct TravelSpeed {
    signature: Signature,
}

impl TravelSpeed {
    pub(crate) fn new() -> Self {
        Self {
            signature: Signature::exact(vec![DataType::Int64; 7], Volatility::Immutable),
        }
    }
}

impl WindowUDFImpl for TravelSpeed {
    fn name(&self) -> &str {
        "travel_speed"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn partition_evaluator(
        &self,
        _: PartitionEvaluatorArgs<'_>,
    ) -> Result<Box<dyn PartitionEvaluator>> {
        Ok(Box::new(Walk))
    }

    fn field(&self, args: WindowUDFFieldArgs<'_>) -> Result<FieldRef> {
        Ok(Field::new(args.name(), DataType::Int64, true).into())
    }
}

#[derive(Debug)]
struct Walk;

/// A place and a time.
#[derive(Clone, Copy)]
struct Stop {
    lat_e7: i64,
    lon_e7: i64,
    at_ms: i64,
}

impl PartitionEvaluator for Walk {
    fn evaluate_all(&mut self, values: &[ArrayRef], rows: usize) -> Result<ArrayRef> {
        let columns: Vec<&Int64Array> = values
            .iter()
            .map(|array| array.as_primitive::<Int64Type>())
            .collect();
        let [lat, lon, at, start_lat, start_lon, start_at, limit] = columns[..] else {
            return exec_err!("travel_speed takes seven arguments");
        };
        let stop = |lat: &Int64Array, lon: &Int64Array, at: &Int64Array, row: usize| {
            (lat.is_valid(row) && lon.is_valid(row) && at.is_valid(row)).then(|| Stop {
                lat_e7: lat.value(row),
                lon_e7: lon.value(row),
                at_ms: at.value(row),
            })
        };
        let mut last = if rows > 0 {
            stop(start_lat, start_lon, start_at, 0)
        } else {
            None
        };
        let mut speeds = Vec::with_capacity(rows);
        for row in 0..rows {
            let Some(here) = stop(lat, lon, at, row) else {
                speeds.push(None);
                continue;
            };
            let speed = last.map(|last| metres_per_hour(last, here));
            if speed.is_none_or(|speed| limit.is_valid(row) && speed <= limit.value(row)) {
                last = Some(here);
            }
            speeds.push(speed);
        }
        Ok(Arc::new(Int64Array::from(speeds)))
    }

    fn evaluate(
        &mut self,
        _: &[ArrayRef],
        _: &Range<usize>,
    ) -> Result<datafusion::common::ScalarValue> {
        exec_err!("travel_speed needs its whole partition")
    }
}

/// Rounded down; the highest number there is for a move that took no time, or happened on no place on Earth.
fn metres_per_hour(from: Stop, to: Stop) -> i64 {
    let Some(metres) = distance_m(from.lat_e7, from.lon_e7, to.lat_e7, to.lon_e7) else {
        return i64::MAX;
    };
    if metres == 0 {
        return 0;
    }
    let elapsed = i128::from(to.at_ms) - i128::from(from.at_ms);
    if elapsed <= 0 {
        return i64::MAX;
    }
    i64::try_from(i128::from(metres) * 3_600_000 / elapsed).unwrap_or(i64::MAX)
}
