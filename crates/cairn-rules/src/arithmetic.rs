//! Arithmetic that refuses to wrap. DataFusion's integer operators wrap around; every one that stands in a rule is
//! replaced by a function that fails instead.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::Transformed;
use datafusion::common::{DFSchema, Result};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::expr_rewriter::FunctionRewrite;
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable, Operator, ScalarUDF};

use crate::functions::{Compute, IntegerFunction};

/// Replaces `+ - * / %` between integers.
#[derive(Debug)]
pub(crate) struct CheckedArithmetic {
    functions: Vec<(Operator, Arc<ScalarUDF>)>,
}

impl CheckedArithmetic {
    pub(crate) fn new() -> Self {
        let operators: [(Operator, &str, Compute); 5] = [
            (Operator::Plus, "checked_add", |a| {
                done(a, '+', a[0].checked_add(a[1]))
            }),
            (Operator::Minus, "checked_sub", |a| {
                done(a, '-', a[0].checked_sub(a[1]))
            }),
            (Operator::Multiply, "checked_mul", |a| {
                done(a, '*', a[0].checked_mul(a[1]))
            }),
            (Operator::Divide, "checked_div", |a| {
                done(a, '/', a[0].checked_div(a[1]))
            }),
            (Operator::Modulo, "checked_rem", |a| {
                done(a, '%', a[0].checked_rem(a[1]))
            }),
        ];
        Self {
            functions: operators
                .into_iter()
                .map(|(operator, name, compute)| {
                    let function = IntegerFunction::new(name, 2, compute);
                    (operator, Arc::new(ScalarUDF::new_from_impl(function)))
                })
                .collect(),
        }
    }
}

fn done(a: &[i64], sign: char, result: Option<i64>) -> std::result::Result<Option<i64>, String> {
    result
        .map(Some)
        .ok_or_else(|| format!("{} {sign} {} has no 64-bit result", a[0], a[1]))
}

fn is_integer(kind: &DataType) -> bool {
    kind.is_integer() || kind.is_null()
}

impl FunctionRewrite for CheckedArithmetic {
    fn name(&self) -> &str {
        "checked_arithmetic"
    }

    fn rewrite(
        &self,
        expr: Expr,
        schema: &DFSchema,
        _: &ConfigOptions,
    ) -> Result<Transformed<Expr>> {
        let Expr::BinaryExpr(BinaryExpr { left, op, right }) = &expr else {
            return Ok(Transformed::no(expr));
        };
        let Some((_, function)) = self.functions.iter().find(|(operator, _)| operator == op) else {
            return Ok(Transformed::no(expr));
        };
        // Decimals are checked by Arrow itself.
        if !is_integer(&left.get_type(schema)?) || !is_integer(&right.get_type(schema)?) {
            return Ok(Transformed::no(expr));
        }
        let call = ScalarFunction::new_udf(
            Arc::clone(function),
            vec![(**left).clone(), (**right).clone()],
        );
        Ok(Transformed::yes(Expr::ScalarFunction(call)))
    }
}
