/// A property that does not hold, told to whoever looks at the input.
struct Violation: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Throws the violation of a rule that does not hold.
func require(_ holds: Bool, _ rule: @autoclosure () -> String) throws(Violation) {
    guard holds else { throw Violation(rule()) }
}

/// Returns a value that must be there.
func require<Value>(_ value: Value?, _ rule: @autoclosure () -> String) throws(Violation) -> Value {
    guard let value else { throw Violation(rule()) }
    return value
}

/// A message stands on one line of a terminal: it says something, is bounded, and holds nothing a terminal obeys.
func requireSentence(_ message: String) throws(Violation) {
    let scalars = message.unicodeScalars
    try require(1...1000 ~= scalars.count, "a message has \(scalars.count) characters")
    try require(
        scalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F ~= $0.value) && !(0x2028...0x202E ~= $0.value) },
        "a message holds what a terminal obeys: \(message.debugDescription)")
}
