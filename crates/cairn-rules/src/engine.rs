use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use datafusion::common::DataFusionError;
use datafusion::datasource::MemTable;
use datafusion::execution::FunctionRegistry;
use datafusion::execution::SessionStateDefaults;
use datafusion::execution::session_state::SessionStateBuilder;
use datafusion::functions::core::{coalesce, greatest, least, nullif};
use datafusion::functions_aggregate::count::count_udaf;
use datafusion::functions_aggregate::min_max::{max_udaf, min_udaf};
use datafusion::functions_window::lead_lag::{lag_udwf, lead_udwf};
use datafusion::functions_window::row_number::row_number_udwf;
use datafusion::logical_expr::{AggregateUDF, WindowUDF};
use datafusion::physical_plan::collect;
use datafusion::prelude::{SessionConfig, SessionContext};

use crate::arithmetic::CheckedArithmetic;
use crate::journey::TravelSpeed;
use crate::sum::CheckedSum;
use crate::{Rule, RulesError, functions, inspect, statement};

/// Tables by name.
pub type Tables = BTreeMap<String, RecordBatch>;

/// Runs rules. Two engines given the same rules, numbers and tables give the same rows in the same order.
#[derive(Clone, Copy, Debug)]
pub struct Engine {
    partitions: usize,
}

impl Default for Engine {
    fn default() -> Self {
        // A constant, not the number of cores: rows reach an operator in the same order on every machine.
        Self { partitions: 1 }
    }
}

impl Engine {
    /// An engine that splits work in `partitions`: for tests that show results do not depend on it.
    #[must_use]
    pub const fn with_partitions(partitions: usize) -> Self {
        Self { partitions }
    }

    /// Runs `rules` in order over `inputs` and returns the tables named in `wanted`.
    ///
    /// Blocks; may be called from anywhere, an async runtime included.
    ///
    /// # Errors
    /// Any [`RulesError`] but those about files, with the rule that caused it.
    pub fn run(
        &self,
        rules: &[Rule],
        numbers: &BTreeMap<String, i64>,
        inputs: Tables,
        wanted: &[&str],
    ) -> Result<Tables, RulesError> {
        let failed = |error: std::io::Error| RulesError::Engine(error.to_string());
        let run = || {
            tokio::runtime::Builder::new_current_thread()
                .build()
                .map_err(failed)?
                .block_on(self.run_all(rules, numbers, inputs, wanted))
        };
        // A module of a browser has one thread and no runtime on it; how much stack it has says whoever links it.
        if cfg!(target_family = "wasm") {
            return run();
        }
        // A runtime inside a runtime panics, so the work gets a thread that has none.
        std::thread::scope(|scope| {
            std::thread::Builder::new()
                .name("cairn-rules".to_owned())
                // Plans of long CASE expressions are walked recursively.
                .stack_size(16 << 20)
                .spawn_scoped(scope, run)
                .map_err(failed)?
                .join()
                .unwrap_or_else(|_| Err(RulesError::Engine("a rule ended its thread".to_owned())))
        })
    }

    async fn run_all(
        &self,
        rules: &[Rule],
        numbers: &BTreeMap<String, i64>,
        inputs: Tables,
        wanted: &[&str],
    ) -> Result<Tables, RulesError> {
        let context = self.context()?;
        let mut names: BTreeSet<String> = inputs.keys().cloned().collect();
        for (name, batch) in inputs {
            register(&context, &name, batch)?;
        }
        let mut results = Tables::new();
        for rule in rules {
            if !names.insert(rule.table.clone()) {
                return Err(RulesError::TableTwice {
                    table: rule.table.clone(),
                });
            }
            let leaves = wanted.contains(&rule.table.as_str());
            let batch = run_one(&context, rule, numbers, leaves).await?;
            if leaves {
                results.insert(rule.table.clone(), batch.clone());
            }
            register(&context, &rule.table, batch)?;
        }
        match wanted.iter().find(|table| !results.contains_key(**table)) {
            Some(table) => Err(RulesError::NoSuchTable {
                table: (*table).to_owned(),
            }),
            None => Ok(results),
        }
    }

    fn context(&self) -> Result<SessionContext, RulesError> {
        let config = SessionConfig::new()
            .with_target_partitions(self.partitions)
            .with_batch_size(8_192)
            .with_information_schema(false);
        let mut scalars = functions::all();
        scalars.extend([coalesce(), nullif(), greatest(), least()]);
        let mut state = SessionStateBuilder::new()
            .with_config(config)
            .with_expr_planners(SessionStateDefaults::default_expr_planners())
            .with_scalar_functions(scalars)
            .with_aggregate_functions(vec![
                Arc::new(AggregateUDF::new_from_impl(CheckedSum::new())),
                count_udaf(),
                min_udaf(),
                max_udaf(),
            ])
            .with_window_functions(vec![
                row_number_udwf(),
                lag_udwf(),
                lead_udwf(),
                Arc::new(WindowUDF::new_from_impl(TravelSpeed::new())),
            ])
            .build();
        state
            .register_function_rewrite(Arc::new(CheckedArithmetic::new()))
            .map_err(|error| RulesError::Engine(error.strip_backtrace()))?;
        Ok(SessionContext::new_with_state(state))
    }
}

fn register(context: &SessionContext, name: &str, batch: RecordBatch) -> Result<(), RulesError> {
    let failed = |error: DataFusionError| RulesError::Engine(error.strip_backtrace());
    let table = MemTable::try_new(batch.schema(), vec![vec![batch]]).map_err(failed)?;
    context
        .register_table(name, Arc::new(table))
        .map_err(failed)?;
    Ok(())
}

async fn run_one(
    context: &SessionContext,
    rule: &Rule,
    numbers: &BTreeMap<String, i64>,
    leaves: bool,
) -> Result<RecordBatch, RulesError> {
    let wrong = |error: DataFusionError| refusal(rule, &error);
    let failed = |error: DataFusionError| RulesError::Run {
        rule: rule.name.clone(),
        message: error.strip_backtrace(),
    };
    let statement = statement::prepare(rule, numbers, leaves)?;
    let state = context.state();
    let plan = state.statement_to_plan(statement).await.map_err(wrong)?;
    // Before coercion, which could turn what the author wrote into something harmless, and after.
    inspect::logical(&rule.name, &plan)?;
    let plan = state.optimize(&plan).map_err(wrong)?;
    inspect::logical(&rule.name, &plan)?;
    let plan = state
        .query_planner()
        .create_physical_plan(&plan, &state)
        .await
        .map_err(wrong)?;
    inspect::physical(&rule.name, plan.as_ref())?;
    let schema = plan.schema();
    let batches = collect(plan, context.task_ctx()).await.map_err(failed)?;
    concat_batches(&schema, &batches).map_err(|error| failed(error.into()))
}

/// Planning errors in our terms: an unknown function is a rule that reaches for what it may not have.
fn refusal(rule: &Rule, error: &DataFusionError) -> RulesError {
    let message = error.strip_backtrace();
    let function = message
        .split_once("Invalid function '")
        .and_then(|(_, rest)| rest.split_once('\''))
        .map(|(name, _)| name.to_owned());
    match function {
        Some(function) => RulesError::Function {
            rule: rule.name.clone(),
            function,
        },
        None => RulesError::Sql {
            rule: rule.name.clone(),
            message,
        },
    }
}
