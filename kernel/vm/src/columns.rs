//! Named columns: a struct of `T`s that reads itself from and writes itself to a row slice.

/// Declares a struct of named columns in row order.
///
/// `columns! { /// doc
///   Cols { a, b[4], c } }` gives `Cols<T>` with `WIDTH`, `read(&[T])` and `write(&self, &mut [T])`.
macro_rules! columns {
    ($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident $([$len:expr])?),+ $(,)? }) => {
        $(#[$meta])*
        pub struct $name<T> {
            $($(#[$fmeta])* pub $field: columns!(@ty T $([$len])?),)+
        }

        impl<T> $name<T> {
            /// Number of columns.
            pub const WIDTH: usize = 0 $(+ columns!(@len $([$len])?))+;

            /// Names of the columns, in row order.
            #[cfg(test)]
            pub fn names() -> Vec<String> {
                let mut names = Vec::new();
                $(columns!(@name names, stringify!($field), $([$len])?);)+
                names
            }
        }

        // Written out: a derive does not see through the macro in the field types.
        impl<T: Copy> Copy for $name<T> {}
        impl<T: Copy> Clone for $name<T> {
            fn clone(&self) -> Self {
                *self
            }
        }
        impl<T: Copy + Default> Default for $name<T> {
            fn default() -> Self {
                Self::read(&vec![T::default(); Self::WIDTH])
            }
        }

        impl<T: Copy> $name<T> {
            /// Reads the columns from a row of at least `WIDTH` elements.
            #[allow(unused_assignments)]
            #[inline]
            pub fn read(row: &[T]) -> Self {
                let mut at = 0;
                $(let $field = columns!(@read row, at $([$len])?); at += columns!(@len $([$len])?);)+
                Self { $($field),+ }
            }

            /// Writes the columns to a row of at least `WIDTH` elements.
            #[allow(unused_assignments, dead_code)]
            #[inline]
            pub fn write(&self, row: &mut [T]) {
                let mut at = 0;
                $(columns!(@write row, at, self.$field; $([$len])?); at += columns!(@len $([$len])?);)+
            }
        }
    };
    (@name $names:ident, $field:expr,) => { $names.push($field.to_owned()) };
    (@name $names:ident, $field:expr, [$len:expr]) => { $names.extend((0..$len).map(|i| format!("{}[{i}]", $field))) };
    (@ty $t:ident) => { $t };
    (@ty $t:ident [$len:expr]) => { [$t; $len] };
    (@len) => { 1 };
    (@len [$len:expr]) => { $len };
    (@read $row:ident, $at:ident) => { $row[$at] };
    (@read $row:ident, $at:ident [$len:expr]) => { core::array::from_fn::<_, { $len }, _>(|i| $row[$at + i]) };
    (@write $row:ident, $at:ident, $value:expr;) => { $row[$at] = $value };
    (@write $row:ident, $at:ident, $value:expr; [$len:expr]) => { $row[$at..$at + $len].copy_from_slice(&$value) };
}

pub(crate) use columns;
