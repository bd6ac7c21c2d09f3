//! A table's constraints and interactions, recorded once as a graph of operations.

use std::collections::HashMap;

use p3_air::symbolic::{BaseEntry, BaseLeaf, ExtLeaf, SymbolicExpr, SymbolicExpression, SymbolicExpressionExt};
use p3_field::PrimeCharacteristicRing;
use proofloom_field::{Challenge, Val};

use crate::arith::Arith;

/// Index of a node.
pub type NodeId = usize;

/// One operation. Operands have smaller indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// A constant, of the base field for all but the parts of extension constraints.
    Constant(Challenge),
    /// A column at the row itself, numbered through fixed, shared, main.
    Column(usize),
    /// A column at the next row.
    Next(usize),
    /// A public value of the table.
    Public(usize),
    /// 1 on the first row, else 0.
    First,
    /// 1 on the last row, else 0.
    Last,
    Add(NodeId, NodeId),
    Sub(NodeId, NodeId),
    Mul(NodeId, NodeId),
}

/// All operations of a table, each once.
#[derive(Clone, Debug, Default)]
pub struct Dag {
    nodes: Vec<Node>,
    degrees: Vec<usize>,
}

/// Values of a table's leaves at one place.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a, V, E> {
    /// Fixed, shared, main.
    pub columns: &'a [E],
    /// The same columns at the next row; only those that are read have to be meant.
    pub next: &'a [E],
    pub publics: &'a [V],
    pub first: E,
    pub last: E,
}

impl Dag {
    /// The operations, operands before what uses them.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Degree of a node: columns and selectors have 1, constants and public values 0.
    pub fn degree(&self, node: NodeId) -> usize {
        self.degrees[node]
    }

    /// Per node, the most selectors that a product in it has.
    pub fn selectors(&self) -> Vec<usize> {
        let mut selectors: Vec<usize> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let of_node = match *node {
                Node::First | Node::Last => 1,
                Node::Add(x, y) | Node::Sub(x, y) => selectors[x].max(selectors[y]),
                Node::Mul(x, y) => selectors[x] + selectors[y],
                Node::Constant(_) | Node::Column(_) | Node::Next(_) | Node::Public(_) => 0,
            };
            selectors.push(of_node);
        }
        selectors
    }

    /// Values of all nodes.
    pub fn evaluate<A: Arith>(&self, a: &mut A, row: &Row<'_, A::V, A::E>) -> Vec<A::E> {
        let mut values: Vec<A::E> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let value = match *node {
                Node::Constant(x) => a.konst_e(x),
                Node::Column(c) => row.columns[c],
                Node::Next(c) => row.next[c],
                Node::Public(i) => a.lift(row.publics[i]),
                Node::First => row.first,
                Node::Last => row.last,
                Node::Add(x, y) => a.add(values[x], values[y]),
                Node::Sub(x, y) => a.sub(values[x], values[y]),
                Node::Mul(x, y) => a.mul(values[x], values[y]),
            };
            values.push(value);
        }
        values
    }

    /// Marks every node that `roots` are made of.
    pub fn reachable(&self, roots: impl IntoIterator<Item = NodeId>) -> Vec<bool> {
        let mut marked = vec![false; self.nodes.len()];
        roots.into_iter().for_each(|root| marked[root] = true);
        for id in (0..self.nodes.len()).rev() {
            if let (true, Node::Add(x, y) | Node::Sub(x, y) | Node::Mul(x, y)) = (marked[id], self.nodes[id]) {
                (marked[x], marked[y]) = (true, true);
            }
        }
        marked
    }
}

type Base = SymbolicExpression<Val>;
type Ext = SymbolicExpressionExt<Val, Challenge>;

/// Builds a [`Dag`] from upstream's expressions.
///
/// Expressions share subtrees, so nodes that were seen are recognised by address: all expressions have to
/// outlive the recorder. One map for each kind of node, since an extension leaf and the base expression in it
/// may have the same address.
#[derive(Debug)]
pub(crate) struct Recorder<'e> {
    dag: Dag,
    preprocessed: usize,
    known: HashMap<Node, NodeId>,
    seen_base: HashMap<*const Base, NodeId>,
    seen_ext: HashMap<*const Ext, NodeId>,
    expressions: std::marker::PhantomData<&'e Base>,
}

impl<'e> Recorder<'e> {
    /// For a table with this many fixed and shared columns.
    pub fn new(preprocessed: usize) -> Self {
        Self {
            dag: Dag::default(),
            preprocessed,
            known: HashMap::new(),
            seen_base: HashMap::new(),
            seen_ext: HashMap::new(),
            expressions: std::marker::PhantomData,
        }
    }

    pub fn finish(self) -> Dag {
        self.dag
    }

    fn node(&mut self, node: Node) -> NodeId {
        if let Some(&id) = self.known.get(&node) {
            return id;
        }
        let degree = |id: NodeId| self.dag.degrees[id];
        let degree = match node {
            Node::Constant(_) | Node::Public(_) => 0,
            Node::Column(_) | Node::Next(_) | Node::First | Node::Last => 1,
            Node::Add(x, y) | Node::Sub(x, y) => degree(x).max(degree(y)),
            Node::Mul(x, y) => degree(x) + degree(y),
        };
        let id = self.dag.nodes.len();
        self.dag.nodes.push(node);
        self.dag.degrees.push(degree);
        self.known.insert(node, id);
        id
    }

    fn constant(&mut self, x: Challenge) -> NodeId {
        self.node(Node::Constant(x))
    }

    pub fn base(&mut self, expression: &'e Base) -> NodeId {
        let key: *const Base = expression;
        if let Some(&id) = self.seen_base.get(&key) {
            return id;
        }
        let id = match expression {
            SymbolicExpr::Leaf(leaf) => self.leaf(leaf),
            SymbolicExpr::Add { x, y, .. } => {
                let (x, y) = (self.base(x), self.base(y));
                self.node(Node::Add(x, y))
            }
            SymbolicExpr::Sub { x, y, .. } => {
                let (x, y) = (self.base(x), self.base(y));
                self.node(Node::Sub(x, y))
            }
            SymbolicExpr::Mul { x, y, .. } => {
                let (x, y) = (self.base(x), self.base(y));
                self.node(Node::Mul(x, y))
            }
            SymbolicExpr::Neg { x, .. } => {
                let (zero, x) = (self.constant(Challenge::ZERO), self.base(x));
                self.node(Node::Sub(zero, x))
            }
        };
        self.seen_base.insert(key, id);
        id
    }

    pub fn ext(&mut self, expression: &'e Ext) -> NodeId {
        let key: *const Ext = expression;
        if let Some(&id) = self.seen_ext.get(&key) {
            return id;
        }
        let id = match expression {
            SymbolicExpr::Leaf(ExtLeaf::Base(base)) => self.base(base),
            SymbolicExpr::Leaf(ExtLeaf::ExtConstant(x)) => self.constant(*x),
            SymbolicExpr::Leaf(ExtLeaf::ExtVariable(_)) => {
                unreachable!("tables have no columns of the challenge field")
            }
            SymbolicExpr::Add { x, y, .. } => {
                let (x, y) = (self.ext(x), self.ext(y));
                self.node(Node::Add(x, y))
            }
            SymbolicExpr::Sub { x, y, .. } => {
                let (x, y) = (self.ext(x), self.ext(y));
                self.node(Node::Sub(x, y))
            }
            SymbolicExpr::Mul { x, y, .. } => {
                let (x, y) = (self.ext(x), self.ext(y));
                self.node(Node::Mul(x, y))
            }
            SymbolicExpr::Neg { x, .. } => {
                let (zero, x) = (self.constant(Challenge::ZERO), self.ext(x));
                self.node(Node::Sub(zero, x))
            }
        };
        self.seen_ext.insert(key, id);
        id
    }

    fn leaf(&mut self, leaf: &BaseLeaf<Val>) -> NodeId {
        match leaf {
            BaseLeaf::Constant(x) => self.constant(Challenge::from(*x)),
            BaseLeaf::IsFirstRow => self.node(Node::First),
            BaseLeaf::IsLastRow => self.node(Node::Last),
            BaseLeaf::IsTransition => {
                let (one, last) = (self.constant(Challenge::ONE), self.node(Node::Last));
                self.node(Node::Sub(one, last))
            }
            BaseLeaf::Variable(variable) => match variable.entry {
                BaseEntry::Preprocessed { offset } => self.column(variable.index, offset),
                BaseEntry::Main { offset } => self.column(self.preprocessed + variable.index, offset),
                BaseEntry::Public => self.node(Node::Public(variable.index)),
                BaseEntry::Periodic => unreachable!("tables with periodic columns are refused"),
            },
        }
    }

    fn column(&mut self, column: usize, offset: usize) -> NodeId {
        self.node(if offset == 0 { Node::Column(column) } else { Node::Next(column) })
    }
}
