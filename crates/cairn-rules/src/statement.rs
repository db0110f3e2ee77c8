//! From a rule's text to one SELECT with its numbers filled in.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{
    Expr, LimitClause, Query, Statement as Sql, Value, VisitMut, VisitorMut,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;

use crate::{Rule, RulesError};

/// Parses `rule`, replaces each `$name` by its number, and refuses everything but one SELECT without LIMIT.
/// `must_be_ordered`: the result leaves the engine.
pub(crate) fn prepare(
    rule: &Rule,
    numbers: &BTreeMap<String, i64>,
    must_be_ordered: bool,
) -> Result<Statement, RulesError> {
    let mut statements =
        Parser::parse_sql(&GenericDialect {}, &rule.sql).map_err(|error| RulesError::Sql {
            rule: rule.name.clone(),
            message: error.to_string(),
        })?;
    let not_a_select = |found: &str| RulesError::NotASelect {
        rule: rule.name.clone(),
        found: found.to_owned(),
    };
    let mut statement = match (statements.pop(), statements.is_empty()) {
        (Some(statement), true) => statement,
        (None, _) => return Err(not_a_select("no statement")),
        (Some(_), false) => return Err(not_a_select("several statements")),
    };
    let Sql::Query(query) = &mut statement else {
        let text = statement.to_string();
        let verb = text.split_whitespace().next().unwrap_or("something else");
        return Err(not_a_select(verb));
    };
    if must_be_ordered && query.order_by.is_none() {
        return Err(RulesError::Nondeterministic {
            rule: rule.name.clone(),
            message: "its rows leave the engine and must end in ORDER BY".to_owned(),
        });
    }
    let mut fill = Fill { rule, numbers };
    match query.visit(&mut fill) {
        ControlFlow::Continue(()) => Ok(Statement::Statement(Box::new(statement))),
        ControlFlow::Break(error) => Err(*error),
    }
}

struct Fill<'a> {
    rule: &'a Rule,
    numbers: &'a BTreeMap<String, i64>,
}

impl VisitorMut for Fill<'_> {
    type Break = Box<RulesError>;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Self::Break> {
        let limited = query.limit_clause.as_ref().is_some_and(|limit| {
            !matches!(
                limit,
                LimitClause::LimitOffset { limit: None, offset: None, limit_by } if limit_by.is_empty()
            )
        });
        if limited || query.fetch.is_some() {
            // Which rows are left would depend on the order they happened to arrive in.
            return ControlFlow::Break(Box::new(RulesError::Nondeterministic {
                rule: self.rule.name.clone(),
                message: "LIMIT, OFFSET and FETCH are refused; rank the rows and compare the rank"
                    .to_owned(),
            }));
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Self::Break> {
        if let Expr::Value(value) = expr
            && let Value::Placeholder(name) = &value.value
        {
            let name = name.trim_start_matches('$');
            let Some(number) = self.numbers.get(name) else {
                return ControlFlow::Break(Box::new(RulesError::UnknownNumber {
                    rule: self.rule.name.clone(),
                    name: name.to_owned(),
                }));
            };
            value.value = Value::Number(number.to_string(), false);
        }
        ControlFlow::Continue(())
    }
}
