@testable import JSONBridge

/// A second reading of JSON, from RFC 8259 alone and by another way: of Unicode scalars, in one pass, with its values.
/// What a reading forgives, the string that is gathered forgives.
///
/// Where it and the product differ, one of them is wrong.
struct ReferenceJSON {
    private let text: [Unicode.Scalar]
    private let depthLimit: Int
    private let isStrict: Bool
    private var place = 0

    /// The value of a text with at most `depth` arrays and objects within one another; nil if it is not JSON.
    static func value(
        of bytes: [UInt8], depth: Int = JSONLimits.standard.depth, reading: JSONReading = .grammatical
    ) -> JSONValue? {
        guard let scalars = scalars(of: bytes, repairing: reading == .loose) else { return nil }
        let hasMark = reading == .loose && scalars.first == "\u{FEFF}"
        var reader = ReferenceJSON(
            text: Array(scalars.dropFirst(hasMark ? 1 : 0)), depthLimit: depth, isStrict: reading == .strict)
        guard let value = reader.value(open: 0) else { return nil }
        reader.skipWhiteSpace()
        return reader.place == reader.text.count ? value : nil
    }

    /// The text's scalars; nil if it is not UTF-8, unless each byte that is not is to be one replacement.
    private static func scalars(of bytes: [UInt8], repairing: Bool) -> [Unicode.Scalar]? {
        if let string = String(validating: bytes, as: UTF8.self) { return Array(string.unicodeScalars) }
        guard repairing else { return nil }
        var scalars: [Unicode.Scalar] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let character = (1...4).lazy.compactMap { length -> (Unicode.Scalar, Int)? in
                let part = Array(rest.prefix(length)[...])
                guard let text = String(validating: part, as: UTF8.self)?.unicodeScalars, text.count == 1 else {
                    return nil
                }
                return text.first.map { ($0, length) }
            }.first
            scalars.append(character?.0 ?? "\u{FFFD}")
            rest = rest.dropFirst(character?.1 ?? 1)
        }
        return scalars
    }

    private var next: Unicode.Scalar? { place < text.count ? text[place] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        place += 1
        return true
    }

    private mutating func skipWhiteSpace() {
        while let scalar = next, " \t\n\r".unicodeScalars.contains(scalar) { place += 1 }
    }

    private mutating func value(open: Int) -> JSONValue? {
        skipWhiteSpace()
        switch next {
        case "\"": return string().map(JSONValue.string)
        case "{": return open < depthLimit ? object(open: open + 1) : nil
        case "[": return open < depthLimit ? array(open: open + 1) : nil
        case "t": return word("true") ? .bool(true) : nil
        case "f": return word("false") ? .bool(false) : nil
        case "n": return word("null") ? .null : nil
        default: return number().map(JSONValue.number)
        }
    }

    private mutating func word(_ word: String) -> Bool {
        word.unicodeScalars.allSatisfy { take($0) }
    }

    private mutating func object(open: Int) -> JSONValue? {
        var members: [JSONMember] = []
        place += 1
        skipWhiteSpace()
        if take("}") { return .object([]) }
        repeat {
            skipWhiteSpace()
            guard let name = string(), !name.utf8.contains(0) else { return nil }
            skipWhiteSpace()
            guard take(":"), let value = value(open: open) else { return nil }
            let member = JSONMember(name: name, value: value)
            if let earlier = members.firstIndex(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
                members[earlier] = member
            } else {
                members.append(member)
            }
            skipWhiteSpace()
        } while take(",")
        return take("}") ? .object(members) : nil
    }

    private mutating func array(open: Int) -> JSONValue? {
        var elements: [JSONValue] = []
        place += 1
        skipWhiteSpace()
        if take("]") { return .array([]) }
        repeat {
            guard let element = value(open: open) else { return nil }
            elements.append(element)
            skipWhiteSpace()
        } while take(",")
        return take("]") ? .array(elements) : nil
    }

    /// Escapes are UTF-16, so the string is gathered as that, and half a surrogate pair shows at its end.
    private mutating func string() -> String? {
        guard take("\"") else { return nil }
        var units: [UInt16] = []
        while let scalar = next, scalar != "\"" {
            place += 1
            if scalar == "\\" {
                guard let unit = escape() else { return nil }
                units.append(unit)
            } else {
                guard scalar.value >= 0x20 else { return nil }
                units.append(contentsOf: String(scalar).utf16)
            }
        }
        guard take("\"") else { return nil }
        return isStrict ? String(validating: units, as: UTF16.self) : String(decoding: units, as: UTF16.self)
    }

    private mutating func escape() -> UInt16? {
        guard let letter = next else { return nil }
        place += 1
        switch letter {
        case "\"", "\\", "/": return UInt16(letter.value)
        case "b": return 8
        case "f": return 12
        case "n": return 10
        case "r": return 13
        case "t": return 9
        case "u":
            let digits = text[place...].prefix(4)
            guard digits.count == 4, digits.allSatisfy(\.properties.isASCIIHexDigit) else { return nil }
            place += 4
            return UInt16(String(String.UnicodeScalarView(digits)), radix: 16)
        default: return nil
        }
    }

    private mutating func number() -> JSONNumber? {
        let start = place
        _ = take("-")
        let integer = digits()
        guard integer == 1 || integer > 1 && text[place - integer] != "0" else { return nil }
        if take(".") {
            guard digits() > 0 else { return nil }
        }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            guard digits() > 0 else { return nil }
        }
        let spelling = String(String.UnicodeScalarView(text[start..<place]))
        guard isStrict else { return JSONNumber(scanned: spelling) }
        guard let double = Double(spelling), double.isFinite else { return nil }
        return JSONNumber(text: spelling)
    }

    private mutating func digits() -> Int {
        let start = place
        while let scalar = next, "0"..."9" ~= scalar { place += 1 }
        return place - start
    }
}
