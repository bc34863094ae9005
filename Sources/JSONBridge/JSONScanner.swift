/// The grammar of RFC 8259, applied byte by byte before json-c sees the text.
///
/// Even in its strict mode, json-c accepts single quotes, `NaN`, raw control characters and more, and its offsets are
/// approximate. The scanner makes no values: it finds the first error, and notes what json-c would lose. The text comes
/// from outside, so every rule gets it as a span, which checks each access.
struct JSONScanner {
    /// A member of an object.
    struct Member {
        /// The name with its quotes.
        let name: Range<Int>
        let nameHasEscapes: Bool
        let value: Range<Int>
    }

    private let depthLimit: Int
    let reading: JSONReading
    private let keepsMembers: Bool
    private let keepsInnerMembers: Bool
    /// The names of the members to keep, and then nothing is kept that grows with the text; nil to keep all members.
    private let wantedNames: [StaticString]?

    /// The most arrays and objects that were open at once.
    private(set) var deepest = 0

    /// The next byte to look at.
    var position = 0

    /// Where the value begins.
    private(set) var start = 0

    /// The members of the top-level object, in the order of the text, if they are wanted.
    private(set) var members: [Member] = []

    /// The members of the objects that are values of `members`, in the order of the text, if they are wanted.
    private(set) var innerMembers: [Member] = []

    /// Where the values of the wanted members are, in the order of `wantedNames`; of a repeated name, the last one.
    private(set) var wantedValues: [Range<Int>?] = []

    /// The value is an empty array or an empty object.
    private(set) var isEmptyInside = false

    /// The ends, in order, of integers that 64 bits may not hold, and of each minus zero, whose sign they would lose.
    var wideIntegerEnds: [Int] = []

    /// Something was accepted that json-c would reject, or read in another way.
    var needsRepair = false

    init(
        depthLimit: Int, reading: JSONReading = .strict, keepingMembers: Bool = true, keepingInnerMembers: Bool = false
    ) {
        self.depthLimit = depthLimit
        self.reading = reading
        keepsMembers = keepingMembers
        keepsInnerMembers = keepingInnerMembers
        wantedNames = nil
    }

    /// A scanner that keeps only the members with these names, in ``wantedValues``.
    init(depthLimit: Int, reading: JSONReading, keepingOnly names: [StaticString]) {
        self.depthLimit = depthLimit
        self.reading = reading
        keepsMembers = true
        keepsInnerMembers = false
        wantedNames = names
        wantedValues = [Range<Int>?](repeating: nil, count: names.count)
    }

    /// Whether to note what is needed to build a tree.
    var notesForTree: Bool { wantedNames == nil }

    /// Gets ready for another text, and keeps the storage.
    mutating func startOver() {
        position = 0
        deepest = 0
        members.removeAll(keepingCapacity: true)
        innerMembers.removeAll(keepingCapacity: true)
        wideIntegerEnds.removeAll(keepingCapacity: true)
        needsRepair = false
    }

    /// Scans a whole text.
    mutating func scan(_ bytes: Span<UInt8>) throws(JSONError) {
        try byteOrderMark(bytes)
        skipWhiteSpace(bytes)
        guard position < bytes.count else { throw JSONError(.empty, at: position) }
        start = position
        try value(bytes, depth: 0)
        skipWhiteSpace(bytes)
        guard position == bytes.count else { throw JSONError(.trailingBytes, at: position) }
    }

    /// Goes over one value, which begins at `position`; `depth` arrays and objects are open around it.
    private mutating func value(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) {
        switch bytes[position] {
        case UInt8(ascii: "\""): _ = try string(bytes, isName: false)
        case UInt8(ascii: "{"): try object(bytes, depth: depth)
        case UInt8(ascii: "["): try array(bytes, depth: depth)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number(bytes)
        case UInt8(ascii: "t"): try word("true", bytes)
        case UInt8(ascii: "f"): try word("false", bytes)
        case UInt8(ascii: "n"): try word("null", bytes)
        default: throw JSONError(.expectedValue, at: position)
        }
    }

    private mutating func object(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) {
        let opening = position
        guard depth < depthLimit else { throw JSONError(.tooDeep, at: opening) }
        deepest = max(deepest, depth + 1)
        position += 1
        try skipWhiteSpace(bytes, or: JSONError(.unclosedObject, at: opening))
        if bytes[position] == UInt8(ascii: "}") {
            position += 1
            isEmptyInside = depth == 0
            return
        }
        while true {
            guard bytes[position] == UInt8(ascii: "\"") else { throw JSONError(.expectedName, at: position) }
            let nameStart = position
            let nameHasEscapes = try string(bytes, isName: true)
            let nameEnd = position

            try skipWhiteSpace(bytes, or: JSONError(.unclosedObject, at: opening))
            guard bytes[position] == UInt8(ascii: ":") else { throw JSONError(.expectedColon, at: position) }
            position += 1
            try skipWhiteSpace(bytes, or: JSONError(.unclosedObject, at: opening))
            let valueStart = position
            try value(bytes, depth: depth + 1)
            if depth == 0 && keepsMembers || depth == 1 && keepsInnerMembers {
                let member = Member(
                    name: nameStart..<nameEnd, nameHasEscapes: nameHasEscapes, value: valueStart..<position)
                if wantedNames != nil {
                    keep(member, bytes)
                } else if depth == 0 {
                    members.append(member)
                } else {
                    innerMembers.append(member)
                }
            }

            try skipWhiteSpace(bytes, or: JSONError(.unclosedObject, at: opening))
            switch bytes[position] {
            case UInt8(ascii: ","):
                position += 1
                try skipWhiteSpace(bytes, or: JSONError(.unclosedObject, at: opening))
            case UInt8(ascii: "}"):
                position += 1
                return
            default:
                throw JSONError(.expectedCommaInObject, at: position)
            }
        }
    }

    private mutating func keep(_ member: Member, _ bytes: Span<UInt8>) {
        let place = wantedNames?.firstIndex { Self.spells($0, at: member.name, in: bytes) }
        if let place { wantedValues[place] = member.value }
    }

    private mutating func array(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) {
        let opening = position
        guard depth < depthLimit else { throw JSONError(.tooDeep, at: opening) }
        deepest = max(deepest, depth + 1)
        position += 1
        try skipWhiteSpace(bytes, or: JSONError(.unclosedArray, at: opening))
        if bytes[position] == UInt8(ascii: "]") {
            position += 1
            isEmptyInside = depth == 0
            return
        }
        while true {
            try value(bytes, depth: depth + 1)
            try skipWhiteSpace(bytes, or: JSONError(.unclosedArray, at: opening))
            switch bytes[position] {
            case UInt8(ascii: ","):
                position += 1
                try skipWhiteSpace(bytes, or: JSONError(.unclosedArray, at: opening))
            case UInt8(ascii: "]"):
                position += 1
                return
            default:
                throw JSONError(.expectedCommaInArray, at: position)
            }
        }
    }

    private mutating func word(_ word: String, _ bytes: Span<UInt8>) throws(JSONError) {
        let start = position
        for unit in word.utf8 {
            guard position < bytes.count, bytes[position] == unit else { throw JSONError(.expectedValue, at: start) }
            position += 1
        }
    }

    private mutating func skipWhiteSpace(_ bytes: Span<UInt8>) {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    /// Skips white space, and throws if the text ends there.
    private mutating func skipWhiteSpace(_ bytes: Span<UInt8>, or error: JSONError) throws(JSONError) {
        skipWhiteSpace(bytes)
        guard position < bytes.count else { throw error }
    }

    /// Skips a UTF-8 byte order mark where that is allowed. Otherwise it is an error, and one of UTF-16 always is.
    private mutating func byteOrderMark(_ bytes: Span<UInt8>) throws(JSONError) {
        let length = Self.lengthOfByteOrderMark(bytes)
        if length > 0, reading.allowsStrangeBytes {
            position = length
            needsRepair = true
        } else if length > 0
            || bytes.count >= 2 && (bytes[0] == 0xFE && bytes[1] == 0xFF || bytes[0] == 0xFF && bytes[1] == 0xFE)
        {
            throw JSONError(.byteOrderMark, at: 0)
        }
    }

    /// The length of the UTF-8 byte order mark at the start of a text: 3, or 0 if there is none.
    static func lengthOfByteOrderMark(_ bytes: Span<UInt8>) -> Int {
        bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
    }
}
