internal import JSONBridge

/// Numbers as the API writes them, which is not always as numbers.
enum WireNumber {
    /// A width or a height: a positive integer, as a number or as digits in a string. Anything else is unknown.
    static func dimension(_ value: JSONValue?) -> Int? {
        guard let integer = value?.number?.int ?? value?.string.flatMap({ Int($0) }), integer > 0 else { return nil }
        return integer
    }

    /// A number, within the range of `Double`, with the digits it was spelled with, since credits are money and `0.6` has no exact binary value.
    static func spelling(_ value: JSONValue?) -> String? {
        guard let number = value?.number, number.double != nil, number.text.utf8.count <= longestSpelling else {
            return nil
        }
        return number.text
    }

    /// More digits than any sum of credits has; a number of a million digits is not carried into a record.
    private static let longestSpelling = 40
}
