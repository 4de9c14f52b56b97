//! The committed documents are what the code says.

use bijou_testkit::contract;

#[test]
fn the_committed_contracts_are_current() {
    contract::assert_current("console", &bijou_console::openapi());
    contract::assert_current("console-operator", &bijou_console::operator_openapi());
}
