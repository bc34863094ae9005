/// A JSON value.
///
/// Equality is of bytes: two strings that only look alike (canonical equivalence) differ.
public enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    /// Members in the order in which their names first appear. Where a name is repeated, the last value counts.
    case object([JSONMember])
}

/// A name and its value in an object.
public struct JSONMember: Sendable {
    public let name: String
    public let value: JSONValue

    public init(name: String, value: JSONValue) {
        self.name = name
        self.value = value
    }
}

extension JSONValue {
    /// The member of that name, compared byte for byte; nil when there is none or this is no object.
    public subscript(_ key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.indices.first { hasSameBytes(members[$0].name, key) }.map { members[$0].value }
    }

    /// Whether this is `null`.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The truth value; nil for any other kind of value.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The number; nil for any other kind of value, a string of digits included.
    public var number: JSONNumber? {
        if case .number(let value) = self { value } else { nil }
    }

    /// The string; nil for any other kind of value.
    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The elements; nil for any other kind of value.
    public var array: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The members; nil for any other kind of value.
    public var object: [JSONMember]? {
        if case .object(let members) = self { members } else { nil }
    }
}

extension JSONValue: Equatable {
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): hasSameBytes(left, right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        case (.null, _), (.bool, _), (.number, _), (.string, _), (.array, _), (.object, _): false
        }
    }
}

extension JSONMember: Equatable {
    public static func == (left: JSONMember, right: JSONMember) -> Bool {
        hasSameBytes(left.name, right.name) && left.value == right.value
    }
}

/// Whether two strings are the same UTF-8.
///
/// `String ==` is canonical equivalence, by which a composed and a decomposed name would be one.
func hasSameBytes(_ left: String, _ right: String) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    let (left, right) = (left.utf8Span.span, right.utf8Span.span)
    for position in left.indices where left[position] != right[position] { return false }
    return true
}
