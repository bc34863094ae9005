/// How a number may be spelled, and how large it may be.
extension JSONScanner {
    /// Scans the number whose first digit or minus sign is at `position`.
    mutating func number(_ bytes: Span<UInt8>) throws(JSONError) {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let integerStart = position
        try digits(bytes, of: start)
        let integerDigits = position - integerStart
        guard integerDigits == 1 || bytes[integerStart] != UInt8(ascii: "0") else {
            throw JSONError(.invalidNumber, at: start)
        }

        var isInteger = true
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            try digits(bytes, of: start)
        }
        var exponentDigits = 0
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            let exponentStart = position
            try digits(bytes, of: start)
            exponentDigits = position - exponentStart
        }

        // The largest double is about 1.8e308. A number of 200 digits with an exponent of two digits is always smaller.
        if !reading.allowsWholeGrammar, integerDigits > 200 || exponentDigits > 2 {
            let text = bytes.extracting(start..<position)
            guard let value = text.withUnsafeBufferPointer({ Double(String(decoding: $0, as: UTF8.self)) }),
                value.isFinite
            else { throw JSONError(.numberOutOfRange, at: start) }
        }
        // Any 18 digits fit in 64 bits. Minus zero fits too, but loses its sign.
        if notesForTree, isInteger,
            integerDigits > 18 || integerStart > start && bytes[integerStart] == UInt8(ascii: "0")
        {
            wideIntegerEnds.append(position)
        }
    }

    /// Scans one digit or more.
    private mutating func digits(_ bytes: Span<UInt8>, of numberStart: Int) throws(JSONError) {
        let start = position
        while position < bytes.count, Self.isDigit(bytes[position]) { position += 1 }
        guard position > start else { throw JSONError(.invalidNumber, at: numberStart) }
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }
}
