//! Looks through a whole plan for what could differ between machines.

use arrow::datatypes::DataType;
use datafusion::common::DFSchema;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{
    Distinct, Expr, ExprSchemable, LogicalPlan, Volatility, WindowFunctionDefinition,
};
use datafusion::physical_plan::ExecutionPlan;

use crate::RulesError;

/// Types whose values and arithmetic are exact.
fn is_exact(kind: &DataType) -> bool {
    kind.is_integer()
        || matches!(
            kind,
            DataType::Boolean
                | DataType::Null
                | DataType::Decimal128(..)
                | DataType::Decimal256(..)
        )
}

/// Checks every node, every expression and every part of an expression of `plan`, subqueries included.
pub(crate) fn logical(rule: &str, plan: &LogicalPlan) -> Result<(), RulesError> {
    let mut found = None;
    plan.apply_with_subqueries(|node| {
        found = node_fault(rule, node);
        Ok(if found.is_some() {
            TreeNodeRecursion::Stop
        } else {
            TreeNodeRecursion::Continue
        })
    })
    .map_err(|error| RulesError::Sql {
        rule: rule.to_owned(),
        message: error.strip_backtrace(),
    })?;
    found.map_or(Ok(()), Err)
}

fn node_fault(rule: &str, node: &LogicalPlan) -> Option<RulesError> {
    let inexact = |expression: String, kind: &DataType| RulesError::NotAnInteger {
        rule: rule.to_owned(),
        expression,
        found: kind.to_string(),
    };
    for field in node.schema().fields() {
        if !is_exact(field.data_type()) {
            return Some(inexact(field.name().clone(), field.data_type()));
        }
    }
    match node {
        LogicalPlan::Limit(_) | LogicalPlan::Distinct(Distinct::On(_)) => {
            return Some(RulesError::Nondeterministic {
                rule: rule.to_owned(),
                message: "LIMIT and DISTINCT ON keep whichever row comes first".to_owned(),
            });
        }
        _ => {}
    }
    // Expressions see the columns of the inputs; those of a scan see its own.
    let inputs = node.inputs();
    let schema = if inputs.is_empty() {
        node.schema().as_ref().clone()
    } else {
        merge_schema(&inputs)
    };
    let mut found = None;
    // Walking never fails here: the closure does not.
    let walked = node.apply_expressions(|expr| {
        expr.apply(|part| {
            found = expression_fault(rule, part, &schema);
            Ok(if found.is_some() {
                TreeNodeRecursion::Stop
            } else {
                TreeNodeRecursion::Continue
            })
        })
    });
    found.or_else(|| {
        walked.err().map(|error| RulesError::Sql {
            rule: rule.to_owned(),
            message: error.strip_backtrace(),
        })
    })
}

fn expression_fault(rule: &str, expr: &Expr, schema: &DFSchema) -> Option<RulesError> {
    if let Expr::ScalarFunction(call) = expr
        && call.func.signature().volatility != Volatility::Immutable
    {
        return Some(RulesError::Function {
            rule: rule.to_owned(),
            function: call.func.name().to_owned(),
        });
    }
    if let Expr::WindowFunction(window) = expr
        && depends_on_order(window)
        && window.params.order_by.is_empty()
    {
        return Some(RulesError::Nondeterministic {
            rule: rule.to_owned(),
            message: format!("{} needs ORDER BY in its window", window.fun.name()),
        });
    }
    match expr.get_type(schema) {
        Ok(kind) if !is_exact(&kind) => Some(RulesError::NotAnInteger {
            rule: rule.to_owned(),
            expression: expr.to_string(),
            found: kind.to_string(),
        }),
        _ => None,
    }
}

/// An aggregate over a whole partition does not depend on order; row numbers and neighbours do.
fn depends_on_order(window: &WindowFunction) -> bool {
    matches!(window.fun, WindowFunctionDefinition::WindowUDF(_))
}

/// Checks what every operator of the physical plan hands on.
pub(crate) fn physical(rule: &str, plan: &dyn ExecutionPlan) -> Result<(), RulesError> {
    for field in plan.schema().fields() {
        if !is_exact(field.data_type()) {
            return Err(RulesError::NotAnInteger {
                rule: rule.to_owned(),
                expression: field.name().clone(),
                found: field.data_type().to_string(),
            });
        }
    }
    plan.children()
        .into_iter()
        .try_for_each(|child| physical(rule, child.as_ref()))
}
