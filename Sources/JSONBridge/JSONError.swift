/// Why a text is not one JSON value, and where.
public struct JSONError: Error, Sendable, Equatable {
    /// A rule that a text can break.
    public enum Reason: String, Sendable, CaseIterable {
        case empty = "empty"
        case tooLong = "too_long"
        case tooDeep = "too_deep"
        case byteOrderMark = "byte_order_mark"
        case invalidUTF8 = "invalid_utf8"
        case expectedValue = "expected_value"
        case expectedName = "expected_name"
        case expectedColon = "expected_colon"
        case expectedCommaInArray = "expected_comma_in_array"
        case expectedCommaInObject = "expected_comma_in_object"
        case unclosedString = "unclosed_string"
        case unclosedArray = "unclosed_array"
        case unclosedObject = "unclosed_object"
        case controlCharacter = "control_character"
        case invalidEscape = "invalid_escape"
        case loneSurrogate = "lone_surrogate"
        case nullInName = "null_in_name"
        case invalidNumber = "invalid_number"
        case numberOutOfRange = "number_out_of_range"
        case trailingBytes = "trailing_bytes"
        /// json-c rejects what the scanner accepts: it is out of memory, or the two disagree.
        case refused = "refused"
    }

    /// The rule that is broken.
    public let reason: Reason

    /// The first byte that is wrong, counted from 0.
    ///
    /// For a string, an array or an object that is not closed, the byte that opens it.
    public let offset: Int

    /// An error at a byte offset counted from 0.
    public init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

extension JSONError: CustomStringConvertible {
    /// One sentence for a person; its column counts bytes from 1.
    public var description: String {
        "\(reason.sentence), at column \(offset + 1)"
    }
}

extension JSONError.Reason {
    /// What is wrong, as the beginning of a sentence for a person; the place follows it.
    public var sentence: String {
        switch self {
        case .empty: "there is no JSON value"
        case .tooLong: "the JSON text is longer than the limit"
        case .tooDeep: "arrays and objects are nested too deep"
        case .byteOrderMark: "a byte order mark stands where the value should begin"
        case .invalidUTF8: "a string is not valid UTF-8"
        case .expectedValue: "a JSON value is expected"
        case .expectedName: "a member's name in double quotes is expected"
        case .expectedColon: "a colon is expected after a member's name"
        case .expectedCommaInArray: "a comma or ] is expected in an array"
        case .expectedCommaInObject: "a comma or } is expected in an object"
        case .unclosedString: "a string is not closed"
        case .unclosedArray: "an array is not closed"
        case .unclosedObject: "an object is not closed"
        case .controlCharacter: "a string holds a control character that is not escaped"
        case .invalidEscape: "a string holds an escape that JSON does not know"
        case .loneSurrogate: "a string holds half of a surrogate pair"
        case .nullInName: "a member's name holds U+0000"
        case .invalidNumber: "a number is not spelled as JSON allows"
        case .numberOutOfRange: "a number is too large"
        case .trailingBytes: "there is something after the JSON value"
        case .refused: "the JSON library cannot read this text"
        }
    }
}
